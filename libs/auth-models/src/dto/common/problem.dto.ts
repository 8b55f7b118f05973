import { ArrayMaxSize, IsIn, IsInt } from 'class-validator';
import { PROBLEM_ERRORS_MAX } from '../../limits.js';
import { ERROR_CODES, type ErrorCode } from '../../texts/en.js';
import { ProblemErrorDto } from './problem-error.dto.js';

/** Problem details (RFC 9457): the body of every error response. */
export class ProblemDto {
  /** URI reference that identifies the problem type. */
  type: string;

  /** Short summary of the problem type. */
  title: string;

  /** HTTP status code. */
  @IsInt()
  status: number;

  /** Explanation of this occurrence, and often what to do next. */
  detail: string;

  /** Problem type for programs, from a closed list. */
  @IsIn(Object.keys(ERROR_CODES))
  code: ErrorCode;

  /** Request id, as in `X-Request-Id` and in the server's log. */
  traceId: string;

  /** First 20 errors in members of the body or in parameters. */
  @ArrayMaxSize(PROBLEM_ERRORS_MAX)
  errors?: ProblemErrorDto[];
}
