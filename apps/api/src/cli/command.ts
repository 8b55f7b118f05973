import { type Principal } from '../common/request/principal.js';

/** Progress of a command. */
export interface Progress {
  done: number;
  /** Absent while unknown. */
  total?: number;
  /** Unit of the count, such as `entries`. */
  what: string;
}

/** Reports the progress of a command. Commands may call it often. */
export type ReportProgress = (progress: Progress) => void;

/** Context of one run of a command. */
export interface CommandRun {
  readonly actor: Principal;
  readonly report: ReportProgress;
}

/** Command that runs in the running server or in a process of its own. Options and result must be valid JSON values. */
export interface Command<Options = never, Result extends object = object> {
  readonly name: string;
  run(options: Options, run: CommandRun): Promise<Result>;
}
