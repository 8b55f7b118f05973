import { IsString } from 'class-validator';

/** Error in one member of the body, or in one parameter. */
export class ProblemErrorDto {
  /** JSON Pointer (RFC 6901) to the member, such as `/name`. For a parameter, a slash and its name. */
  @IsString()
  pointer: string;

  /** Rule that the value breaks, for programs. */
  @IsString()
  code: string;

  /** Explanation of the error. */
  @IsString()
  message: string;
}
