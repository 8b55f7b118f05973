import { IsArray, IsIn, IsInt, IsString, ValidateNested } from 'class-validator';
import { ERROR_CODES, type ErrorCode } from '../../texts/en.js';
import { Nested } from '../../validation/nested.js';

/** Explanation of an error code. */
export class ProblemTypeDto {
  /** URI reference of this explanation, as in `type` of problem details. */
  @IsString()
  type: string;

  /** Error code. */
  @IsIn(Object.keys(ERROR_CODES))
  code: ErrorCode;

  /** Short summary. */
  @IsString()
  title: string;

  /** Usual HTTP status code. */
  @IsInt()
  status: number;

  /** Meaning of the code. */
  @IsString()
  meaning: string;

  /** Remedy. Backticks mark code. */
  @IsString()
  remedy: string;

  /** Situation in which the error occurs. Backticks mark code. */
  @IsString()
  example: string;
}

/** Explanations of all error codes. */
export class ProblemTypeListDto {
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => ProblemTypeDto)
  items: ProblemTypeDto[];
}
