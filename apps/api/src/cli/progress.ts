import { type ProblemDto } from '@latchkey/auth-models';

export interface Progress {
  done: number;
  /** Absent while unknown. */
  total?: number;
  /** Unit of the count, such as `entries`. */
  what: string;
}

/** Reports the progress of a command. Commands may call it often. */
export type ReportProgress = (progress: Progress) => void;

/** One line of a response with progress. The last line has the result or the problem. */
export type ProgressLine = { progress: Progress } | { result: object } | { problem: ProblemDto };
