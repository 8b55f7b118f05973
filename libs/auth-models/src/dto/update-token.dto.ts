import { IsBoolean, IsInt, IsOptional, IsString, MaxLength, Min } from 'class-validator';
import { NOTE_MAX_LENGTH } from '../limits.js';
import { IsDateTime } from '../validation/is-instant.decorator.js';
import { IsSingleLine } from '../validation/is-single-line.decorator.js';
import { TRUE_OR_FALSE, WHOLE_NUMBER } from '../validation/messages.js';
import { IsOptionalNonNull } from '../validation/presence.js';

/** A change of a token, as a merge patch (RFC 7396): what is left out stays. */
export class UpdateTokenDto {
  /** What the token is for; `null` removes it. */
  @IsOptional()
  @IsString()
  @IsSingleLine()
  @MaxLength(NOTE_MAX_LENGTH)
  note?: string | null;

  /** Whether the token is switched on. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  enabled?: boolean;

  /**
   * When the token shall end, RFC 3339 with a zone; beyond the server's maximum it is clipped. `null` = never, where the
   * server allows it.
   */
  @IsOptional()
  @IsDateTime()
  expirationTime?: string | null;

  /** The version that is meant, unless `If-Match` says it. */
  @IsOptionalNonNull()
  @IsInt(WHOLE_NUMBER)
  @Min(0)
  version?: number;
}
