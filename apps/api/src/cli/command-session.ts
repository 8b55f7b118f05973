import { type CommandName, type OptionsOf, type ResultOf } from './command-list.js';
import { type ReportProgress } from './command.js';

/** Operating system account that runs a command, and the trace id of its audit entries. */
export interface Invoker {
  readonly user: string;
  readonly traceId: string;
}

/** Runs commands, either in the running server or in this process. */
export interface CommandSession {
  /** @throws CommandError if the command fails. */
  run<Name extends CommandName>(
    command: Name,
    options: OptionsOf<Name>,
    report: ReportProgress,
  ): Promise<ResultOf<Name>>;

  close(): Promise<void>;
}
