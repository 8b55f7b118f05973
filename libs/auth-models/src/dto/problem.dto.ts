import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { PROBLEM_ERRORS_MAX } from '../limits.js';
import { ERROR_CODES, type ErrorCode } from '../lists/error-codes.js';
import { Nested } from '../validation/nested.decorator.js';
import { ProblemErrorDto } from './problem-error.dto.js';

/** Problem details (RFC 9457), the one shape of every error. */
export class ProblemDto {
  /** A URI reference that identifies the kind of problem. */
  @IsString()
  type: string;

  /** The kind of problem in a few words. */
  @IsString()
  title: string;

  /** The HTTP status code. */
  @IsInt()
  status: number;

  /** What went wrong this time, and what to do next. */
  @IsString()
  detail: string;

  /** The kind of problem for programs: one of a closed list. */
  @IsIn(Object.keys(ERROR_CODES))
  code: ErrorCode;

  /** The request id, as in `X-Request-Id` and in the server's log. */
  @IsString()
  traceId: string;

  /** The first 20 errors in members of the body or in parameters. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(PROBLEM_ERRORS_MAX)
  @ValidateNested({ each: true })
  @Nested(() => ProblemErrorDto)
  errors?: ProblemErrorDto[];
}
