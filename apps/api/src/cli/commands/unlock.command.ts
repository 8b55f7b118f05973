import { Injectable } from '@nestjs/common';
import { ThrottleLiftingService } from '../../administration/throttle-lifting.service.js';
import { type Command, type CommandRun } from '../command.js';

/** Forgets the failed log-ins of a name. They are counted in the server's memory, so that only it can. */
@Injectable()
export class UnlockCommand implements Command<{ name: string }, { name: string }> {
  readonly name = 'unlock';

  constructor(private readonly throttle: ThrottleLiftingService) {}

  async run({ name }: { name: string }, { actor }: CommandRun): Promise<{ name: string }> {
    await this.throttle.lift(name, actor);
    return { name };
  }
}
