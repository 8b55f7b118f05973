import { Injectable } from '@nestjs/common';
import { canonicalName } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { type User } from '../../users/user.entity.js';
import { UsersRepository } from '../../users/users.repository.js';

/** Finds who is named on the command line, in whatever spelling. */
@Injectable()
export class NamedUsers {
  constructor(private readonly users: UsersRepository) {}

  /** @throws ApplicationError `not_found`. */
  async get(text: string): Promise<User> {
    const name = canonicalName(text);
    const user = name === null ? null : await this.users.findByName(name);
    if (!user) {
      throw new ApplicationError('not_found', { detail: `There is no user ${name ?? text}.` });
    }
    return user;
  }
}
