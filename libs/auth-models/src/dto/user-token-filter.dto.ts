import { IsBoolean, IsIn, IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import { SEARCH_MAX_LENGTH } from '../limits.js';
import { TOKEN_KINDS, type TokenKind } from '../lists/token-kinds.js';
import { IsSingleLine } from '../validation/is-single-line.decorator.js';
import { IsTokenStates } from '../validation/is-token-states.decorator.js';
import { TRUE_OR_FALSE, WHOLE_NUMBER } from '../validation/messages.js';
import { IsOptionalNonNull } from '../validation/presence.js';

/** Which of one user's tokens a list shows: those that everything here is true of. */
export class UserTokenFilterDto {
  /**
   * A case-insensitive part of the note, the preview, or the user's name. With `users:read`, and for one's own tokens, also of
   * the user's display name or e-mail address.
   */
  @IsOptionalNonNull()
  @IsString()
  @IsSingleLine()
  @MaxLength(SEARCH_MAX_LENGTH)
  q?: string;

  /** Only this kind. */
  @IsOptionalNonNull()
  @IsIn(TOKEN_KINDS)
  kind?: TokenKind;

  /** Only tokens that are switched on, or off, themselves. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  enabled?: boolean;

  /** Only these states, with commas between; all but `expired` and `revoked` if left out. */
  @IsOptionalNonNull()
  @IsString()
  @IsTokenStates()
  state?: string;

  /** Only tokens that have not been used for at least this many days; those never used, since they were made. */
  @IsOptionalNonNull()
  @IsInt(WHOLE_NUMBER)
  @Min(1)
  @Max(36_500)
  unusedSinceDays?: number;

  /** Only tokens that were never, or at some time, used. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  neverUsed?: boolean;

  /** Only tokens without, or with, an absolute end. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  noExpiry?: boolean;

  /** Only tokens of users who are disabled, or enabled. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  ownerDisabled?: boolean;

  /** Only tokens whose secret before the last rotation still works, or not. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  inGrace?: boolean;
}
