import { IsString } from 'class-validator';

/** One thing that is wrong with one member of a body, or one parameter. */
export class ProblemErrorDto {
  /** JSON Pointer (RFC 6901) to the member, such as `/name`; for a parameter, its name behind a slash. */
  @IsString()
  pointer: string;

  /** The rule that was broken, for programs. */
  @IsString()
  code: string;

  /** The rule that was broken, for people. */
  @IsString()
  message: string;
}
