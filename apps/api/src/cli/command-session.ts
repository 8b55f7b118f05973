import { type CommandName, type OptionsOf, type ResultOf } from './command-list.js';
import { type ReportProgress } from './command.js';

/** Who typed a command, and what ties its audit entries together. */
export interface Invoker {
  readonly user: string;
  readonly traceId: string;
}

/** Where commands are run: in the running server, or in this process. */
export interface CommandSession {
  /** @throws CommandError if the command fails. */
  run<Name extends CommandName>(
    command: Name,
    options: OptionsOf<Name>,
    report: ReportProgress,
  ): Promise<ResultOf<Name>>;

  close(): Promise<void>;
}
