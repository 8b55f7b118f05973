import { CommandError } from '../command-failure.js';
import { type Application } from './application.js';
import { type CommandName, type OptionsOf, type ResultOf } from '../command-list.js';
import { type CommandSession, type Invoker } from '../command-session.js';
import { type ReportProgress } from '../command.js';

/** Runs commands in this process, which has opened the database itself. */
export class LocalSession implements CommandSession {
  constructor(
    private readonly application: Application,
    private readonly invoker: Invoker,
  ) {}

  async run<Name extends CommandName>(
    command: Name,
    options: OptionsOf<Name>,
    report: ReportProgress,
  ): Promise<ResultOf<Name>> {
    const outcome = await this.application.runner.run({ ...this.invoker, command, options }, report);
    if ('error' in outcome) {
      throw new CommandError(outcome.error);
    }
    return outcome.result as ResultOf<Name>;
  }

  close(): Promise<void> {
    return this.application.close();
  }
}
