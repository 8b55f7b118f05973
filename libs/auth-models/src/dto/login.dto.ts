import { IsISO8601, IsOptional, IsString, MaxLength } from 'class-validator';
import { NOTE_MAX_LENGTH } from '../limits.js';

/** What a log-in may say about the token it asks for. The body is optional, and so is each member. */
export class LoginDto {
  /** What the token is for; the user agent if absent. */
  @IsOptional()
  @IsString()
  @MaxLength(NOTE_MAX_LENGTH)
  note?: string;

  /** When the token shall end, RFC 3339 with a zone; beyond the server's maximum it is clipped. */
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  expirationTime?: string;
}
