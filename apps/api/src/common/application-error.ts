import { type ErrorCode, type ProblemErrorDto } from '@latchkey/auth-models';

/** What an error may carry beside its code. */
export interface ApplicationErrorOptions {
  /** What went wrong this time, and what to do next; the code's general sentence if absent. */
  detail?: string;
  /** What is wrong with each member or parameter. */
  errors?: ProblemErrorDto[];
  /** Whole seconds after which the next try can succeed. */
  retryAfterSeconds?: number;
  /** Methods that the address knows, for `Allow`. */
  allowedMethods?: readonly string[];
  cause?: unknown;
}

/** A refusal with a code from the closed list. `representation/` alone turns it into HTTP. */
export class ApplicationError extends Error {
  override readonly name = 'ApplicationError';

  constructor(
    readonly code: ErrorCode,
    readonly options: ApplicationErrorOptions = {},
  ) {
    super(options.detail ?? code, { cause: options.cause });
  }
}
