import { IsIn, IsInt } from 'class-validator';
import { ERROR_CODES, type ErrorCode } from '../../texts/en.js';

/** Explanation of an error code. */
export class ProblemTypeDto {
  /** URI reference of this explanation, as in `type` of problem details. */
  type: string;

  /** Error code. */
  @IsIn(Object.keys(ERROR_CODES))
  code: ErrorCode;

  /** Short summary. */
  title: string;

  /** Usual HTTP status code. */
  @IsInt()
  status: number;

  /** Meaning of the code. */
  meaning: string;

  /** Remedy. Backticks mark code. */
  remedy: string;

  /** Situation in which the error occurs. Backticks mark code. */
  example: string;
}

/** Explanations of all error codes. */
export class ProblemTypeListDto {
  items: ProblemTypeDto[];
}
