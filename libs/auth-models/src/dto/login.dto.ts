import { IsISO8601, IsRFC3339, MaxLength } from 'class-validator';
import { NOTE_MAX_LENGTH } from '../limits.js';
import { IsSingleLine } from '../validation/is-single-line.decorator.js';
import { Omittable } from '../validation/omittable.decorator.js';

/** What a log-in may say about the token it asks for. The body is optional, and so is each member. */
export class LoginDto {
  /** What the token is for; the user agent if absent. */
  @Omittable()
  @IsSingleLine()
  @MaxLength(NOTE_MAX_LENGTH)
  note?: string;

  /** When the token shall end, RFC 3339 with a zone; beyond the server's maximum it is clipped. */
  @Omittable()
  // RFC 3339 for the zone and the form, ISO 8601 for the calendar.
  @IsRFC3339()
  @IsISO8601({ strict: true, strictSeparator: true })
  expirationTime?: string;
}
