import { Injectable } from '@nestjs/common';
import { ThrottleLiftingService } from '../../identity/users/throttle-lifting.service.js';
import { UsersRepository } from '../../identity/users/model/users.repository.js';
import { type Command, type CommandRun } from '../command.js';

/** Lifts the delay after a user's consecutive failed log-ins. The hourly limit stays. Fails if there is no such user. */
@Injectable()
export class UnlockCommand implements Command<{ name: string }, { name: string }> {
  readonly name = 'unlock';

  constructor(
    private readonly throttle: ThrottleLiftingService,
    private readonly users: UsersRepository,
  ) {}

  async run({ name: given }: { name: string }, { actor }: CommandRun): Promise<{ name: string }> {
    const { name } = await this.users.getByName(given);
    await this.throttle.lift(name, actor);
    return { name };
  }
}
