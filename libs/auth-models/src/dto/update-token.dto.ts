import { IsBoolean, IsInt, IsString, MaxLength, Min } from 'class-validator';
import { NOTE_MAX_LENGTH } from '../limits.js';
import { Clearable } from '../validation/clearable.decorator.js';
import { IsInstant } from '../validation/is-instant.decorator.js';
import { IsSingleLine } from '../validation/is-single-line.decorator.js';
import { TRUE_OR_FALSE, WHOLE_NUMBER } from '../validation/messages.js';
import { Omittable } from '../validation/omittable.decorator.js';

/** A change of a token, as a merge patch (RFC 7396): what is left out stays. */
export class UpdateTokenDto {
  /** What the token is for; `null` removes it. */
  @Clearable()
  @IsString()
  @IsSingleLine()
  @MaxLength(NOTE_MAX_LENGTH)
  note?: string | null;

  /** Whether the token is switched on. */
  @Omittable()
  @IsBoolean(TRUE_OR_FALSE)
  enabled?: boolean;

  /**
   * When the token shall end, RFC 3339 with a zone; beyond the server's maximum it is clipped. `null` = never, where the
   * server allows it.
   */
  @Clearable()
  @IsInstant()
  expirationTime?: string | null;

  /** The version that is meant, unless `If-Match` says it. */
  @Omittable()
  @IsInt(WHOLE_NUMBER)
  @Min(0)
  version?: number;
}
