import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { PROBLEM_ERRORS_MAX } from '../../limits.js';
import { AUTH_METHODS, type AuthMethod } from '../../lists/enums.js';
import { ERROR_CODES, type ErrorCode } from '../../texts/en.js';
import { Nested } from '../../validation/nested.js';
import { ProblemErrorDto } from './problem-error.dto.js';

/** Problem details (RFC 9457): the body of every error response. */
export class ProblemDto {
  /** URI reference that identifies the problem type. */
  @IsString()
  type: string;

  /** Short summary of the problem type. */
  @IsString()
  title: string;

  /** HTTP status code. */
  @IsInt()
  status: number;

  /** Explanation of this occurrence, and often what to do next. */
  @IsString()
  detail: string;

  /** Problem type for programs, from a closed list. */
  @IsIn(Object.keys(ERROR_CODES))
  code: ErrorCode;

  /** Request id, as in `X-Request-Id` and in the server's log. */
  @IsString()
  traceId: string;

  /** Second factors that the user has. Only with `second_factor_required`, after a right password. */
  @IsOptional()
  @IsArray()
  @IsIn(AUTH_METHODS, { each: true })
  methods?: AuthMethod[];

  /** First 20 errors in members of the body or in parameters. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(PROBLEM_ERRORS_MAX)
  @ValidateNested({ each: true })
  @Nested(() => ProblemErrorDto)
  errors?: ProblemErrorDto[];
}
