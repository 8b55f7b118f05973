import { type Progress } from '../command.js';
import { type CommandFailure } from '../command-failure.js';

/** Longest line of a request in bytes; what is longer is sent in parts. */
export const REQUEST_MAX_BYTES = 1_048_576;

/** Longest line of an answer in bytes. */
export const ANSWER_MAX_BYTES = 16_777_216;

/** A command on its way to the running server: one line of JSON. */
export interface CommandRequest {
  /** Fingerprint of the sender's build. */
  build: string;
  /** The operating system's name of whoever typed it. */
  user: string;
  /** What ties the audit entries of one invocation together. */
  traceId: string;
  command: string;
  options: unknown;
}

/** How a command ended. */
export type CommandOutcome = { result: object } | { error: CommandFailure };

/** What the server answers: any number of lines with progress, then one with the outcome. */
export type CommandAnswer = { progress: Progress } | CommandOutcome;
