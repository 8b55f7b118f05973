import { Injectable } from '@nestjs/common';
import { toRfc3339 } from '../../common/clock.js';
import { SetUpService } from '../../identity/set-up/set-up.service.js';
import { UsersRepository } from '../../identity/users/model/users.repository.js';
import { type Command, type CommandRun } from '../command.js';

/** Set-up link with which a user chooses a new password. */
export interface PasswordReset {
  name: string;
  /** Whether the user may log in. The link of a disabled user does not work. */
  enabled: boolean;
  link: string;
  expirationTime: string;
}

/** Issues a set-up link for a user. The old password and all tokens stay valid until the link is used. */
@Injectable()
export class ResetPasswordCommand implements Command<{ name: string }, PasswordReset> {
  readonly name = 'reset-password';

  constructor(
    private readonly users: UsersRepository,
    private readonly setUp: SetUpService,
  ) {}

  async run({ name }: { name: string }, { actor }: CommandRun): Promise<PasswordReset> {
    const user = await this.users.getByName(name);
    const { link, expirationTime } = await this.setUp.issue(user, actor);
    return { name: user.name, enabled: user.enabled, link, expirationTime: toRfc3339(expirationTime) };
  }
}
