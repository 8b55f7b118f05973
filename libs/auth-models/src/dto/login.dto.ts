import { IsString, MaxLength } from 'class-validator';
import { NOTE_MAX_LENGTH } from '../limits.js';
import { IsDateTime } from '../validation/is-instant.decorator.js';
import { IsSingleLine } from '../validation/is-single-line.decorator.js';
import { IsOptionalNonNull } from '../validation/presence.js';

/** What a log-in may say about the token it asks for. The body is optional, and so is each member. */
export class LoginDto {
  /** What the token is for; the user agent if absent. */
  @IsOptionalNonNull()
  @IsString()
  @IsSingleLine()
  @MaxLength(NOTE_MAX_LENGTH)
  note?: string;

  /** When the token shall end, RFC 3339 with a zone; beyond the server's maximum it is clipped. */
  @IsOptionalNonNull()
  @IsDateTime()
  expirationTime?: string;
}
