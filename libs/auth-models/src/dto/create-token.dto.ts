import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
} from 'class-validator';
import { NOTE_MAX_LENGTH, PERMISSIONS_PER_ROLE_MAX } from '../limits.js';
import { PERMISSION_MESSAGE, PERMISSION_PATTERN } from '../lists/permissions.js';
import { IsDateTime } from '../validation/is-instant.decorator.js';
import { IsSingleLine } from '../validation/is-single-line.decorator.js';
import { LIST, NO_REPETITION } from '../validation/messages.js';
import { IsOptionalNonNull } from '../validation/presence.js';

/** An API token to be made. The body is optional, and so is each member. */
export class CreateTokenDto {
  /** What the token is for. */
  @IsOptionalNonNull()
  @IsString()
  @IsSingleLine()
  @MaxLength(NOTE_MAX_LENGTH)
  note?: string;

  /**
   * When the token shall end, RFC 3339 with a zone; beyond the server's maximum it is clipped. The server's usual life
   * if left out; `null` = never, where the server allows it.
   */
  @IsOptional()
  @IsDateTime()
  expirationTime?: string | null;

  /**
   * Limits the token to these permissions, of which its user holds each, and so does the token that makes it; left
   * out = all that the user holds, now and later, as far as the token that makes it may do so; and
   * of somebody else's no more than its maker holds.
   */
  @IsOptionalNonNull()
  @IsArray(LIST)
  @ArrayMaxSize(PERMISSIONS_PER_ROLE_MAX)
  @ArrayUnique(NO_REPETITION)
  @Matches(PERMISSION_PATTERN, { each: true, message: PERMISSION_MESSAGE })
  permissions?: string[];
}
