import { Injectable } from '@nestjs/common';
import { toRfc3339 } from '../../common/clock.js';
import { SetUpService } from '../../identity/set-up/set-up.service.js';
import { UsersRepository } from '../../identity/users/model/users.repository.js';
import { type Command, type CommandRun } from '../command.js';

/** A link with which somebody chooses a new password. */
export interface PasswordReset {
  name: string;
  /** Whether they may log in at all; while they may not, the link does not work either. */
  enabled: boolean;
  link: string;
  expirationTime: string;
}

/** Makes a set-up link for somebody who cannot log in. Until it is used, the old password and all tokens stay good. */
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
