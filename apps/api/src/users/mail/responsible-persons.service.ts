import { Injectable } from '@nestjs/common';
import { type UserKind } from '@latchkey/auth-models';
import { errorAt } from '../../common/application-error.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { readResponsible } from '../model/user.entity.js';
import { UsersRepository } from '../model/users.repository.js';

/** Checks the persons who get the e-mail about services. */
@Injectable()
export class ResponsiblePersons {
  constructor(private readonly users: UsersRepository) {}

  /**
   * @param stored stored form of the person; `null` or absent = none.
   * @throws ApplicationError `validation_failed` if there is no such user, or the account is not a service.
   */
  async check(
    kind: UserKind | undefined,
    stored: string | null | undefined,
    tx?: WriteTransaction,
  ): Promise<void> {
    if (stored === null || stored === undefined) {
      return;
    }
    if (kind !== 'service') {
      throw errorAt('/responsible', 'not_a_service', NOT_A_SERVICE);
    }
    const person = readResponsible(stored);
    if ('name' in person && !(await this.users.findByName(person.name, tx))) {
      throw errorAt('/responsible', 'unknown_user', unknownUser(person.name));
    }
  }
}

/** Message about a responsible person of a user who is not a service. */
export const NOT_A_SERVICE = 'only a service can have a responsible person; a person has an e-mail address';

/** Message about the name of a responsible person who does not exist. */
export function unknownUser(name: string): string {
  return `there is no user ${name}; name another user, or an e-mail address`;
}
