import { type Principal } from '../common/request/principal.js';

/** How far a command is. */
export interface Progress {
  done: number;
  /** Absent = nobody knows yet. */
  total?: number;
  /** What is counted, such as `entries`. */
  what: string;
}

/** Tells how far a command is; it may be called often. */
export type ReportProgress = (progress: Progress) => void;

/** For whom a command runs, and who hears of its progress. */
export interface CommandRun {
  readonly actor: Principal;
  readonly report: ReportProgress;
}

/**
 * What the command line asks for by one name: a call on the services below, in the running server or in a process of its
 * own. Options and result travel as JSON.
 */
export interface Command<Options = never, Result extends object = object> {
  readonly name: string;
  run(options: Options, run: CommandRun): Promise<Result>;
}
