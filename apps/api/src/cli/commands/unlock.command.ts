import { Injectable } from '@nestjs/common';
import { ThrottleLiftingService } from '../../administration/throttle-lifting.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { type Command, type CommandRun } from '../command.js';

/** Forgets the failed log-ins of a name. A name that nobody has is a slip. */
@Injectable()
export class UnlockCommand implements Command<{ name: string }, { name: string }> {
  readonly name = 'unlock';

  constructor(private readonly throttle: ThrottleLiftingService) {}

  async run({ name }: { name: string }, { actor }: CommandRun): Promise<{ name: string }> {
    if (!(await this.throttle.lift(name, actor))) {
      throw new ApplicationError('not_found', {
        detail: `There is no user ${name}: is the name right? Failed log-ins with it are forgotten all the same.`,
      });
    }
    return { name };
  }
}
