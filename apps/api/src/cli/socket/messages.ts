import { type Progress } from '../command.js';
import { type CommandFailure } from '../command-failure.js';

/** Maximum length of a request. Larger imports are sent in batches. */
export const REQUEST_MAX_BYTES = 1_048_576;

/** Maximum length of a response. */
export const ANSWER_MAX_BYTES = 16_777_216;

/** Request to the running server, sent as one line of JSON. */
export interface CommandRequest {
  /** Fingerprint of the program's build. */
  build: string;
  /** Operating system account that runs the command. */
  user: string;
  /** Trace id of the audit entries of one invocation. */
  traceId: string;
  command: string;
  options: unknown;
}

/** Result or error of a command. */
export type CommandOutcome = { result: object } | { error: CommandFailure };

/** One line of a response: any number of lines with progress, then one with the outcome. */
export type CommandAnswer = { progress: Progress } | CommandOutcome;
