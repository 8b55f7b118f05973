import { IsInt, IsString, ValidateNested } from 'class-validator';
import { Nested } from '../../validation/nested.js';

/** Error in a user of an import. */
export class ImportProblemDto {
  /** Position of the user in the request; 0 = the first. */
  @IsInt()
  index: number;

  /** JSON Pointer to the member of the user (RFC 6901); empty = the user itself. */
  @IsString()
  pointer: string;

  /** Code of the error, as in `errors` of problems. */
  @IsString()
  code: string;

  /** Explanation of the error. */
  @IsString()
  message: string;
}

/** Result of an import of users. */
export class ImportResultDto {
  /** Number of users that were created, or would be in a dry run. 0 if there are problems. */
  @IsInt()
  imported: number;

  /** Number of users that already existed. */
  @IsInt()
  skipped: number;

  /** Errors in the users, in no particular order. If there is one, no user was created. */
  @ValidateNested({ each: true })
  @Nested(() => ImportProblemDto)
  problems: ImportProblemDto[];
}
