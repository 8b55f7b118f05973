import { type ErrorCode } from '../lists/error-codes.js';
import { ProblemErrorDto } from './problem-error.dto.js';

/** Problem details (RFC 9457), the one shape of every error. */
export class ProblemDto {
  /** A URI reference that identifies the kind of problem. */
  type: string;

  /** The kind of problem in a few words. */
  title: string;

  /** The HTTP status code. */
  status: number;

  /** What went wrong this time, and what to do next. */
  detail: string;

  /** The kind of problem for programs: one of a closed list. */
  code: ErrorCode;

  /** The request id, as in `X-Request-Id` and in the server's log. */
  traceId: string;

  /** What is wrong with each member of the body or each parameter. */
  errors?: ProblemErrorDto[];
}
