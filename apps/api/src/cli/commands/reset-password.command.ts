import { Injectable } from '@nestjs/common';
import { toRfc3339 } from '../../common/clock.js';
import { SetUpService } from '../../users/set-up.service.js';
import { type Command, type CommandRun } from '../command.js';
import { NamedUsers } from './named-users.js';

/** A link with which somebody chooses a new password. */
export interface PasswordReset {
  name: string;
  link: string;
  expirationTime: string;
}

/** Makes a set-up link for somebody who cannot log in. Until it is used, the old password and all tokens stay good. */
@Injectable()
export class ResetPasswordCommand implements Command<{ name: string }, PasswordReset> {
  readonly name = 'reset-password';

  constructor(
    private readonly users: NamedUsers,
    private readonly setUp: SetUpService,
  ) {}

  async run({ name }: { name: string }, { actor }: CommandRun): Promise<PasswordReset> {
    const user = await this.users.get(name);
    const { link, expirationTime } = await this.setUp.issue(user, actor);
    return { name: user.name, link, expirationTime: toRfc3339(expirationTime) };
  }
}
