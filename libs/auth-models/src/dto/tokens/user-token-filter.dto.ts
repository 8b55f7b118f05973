import { IsBoolean, IsIn, IsString } from 'class-validator';
import { TOKEN_KINDS, type TokenKind } from '../../lists/enums.js';
import { IsTokenStates } from '../../validation/comma-separated.js';
import { IsDayCount, IsSearchText } from '../../validation/members.js';
import { TRUE_OR_FALSE } from '../../validation/messages.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Filters for the tokens of one user. A token must match all of them. */
export class UserTokenFilterDto {
  /**
   * Part of the note, the preview or the user's name. Case-insensitive. With `users:read`, and for own tokens, it also searches
   * the user's display name and e-mail address.
   */
  @IsOptionalNonNull()
  @IsSearchText()
  q?: string;

  /** Only tokens of this kind. */
  @IsOptionalNonNull()
  @IsIn(TOKEN_KINDS)
  kind?: TokenKind;

  /** Only tokens that are enabled or disabled themselves. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  enabled?: boolean;

  /** Only tokens in these states, separated by commas. By default all states but `expired` and `revoked`. */
  @IsOptionalNonNull()
  @IsString()
  @IsTokenStates()
  state?: string;

  /** Only tokens that have not been used for this number of days, counted from creation if they were never used. */
  @IsOptionalNonNull()
  @IsDayCount()
  unusedSinceDays?: number;

  /** Only tokens that have never been used, or that have been used. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  neverUsed?: boolean;

  /** Only tokens without, or with, `expirationTime`. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  noExpiry?: boolean;

  /** Only tokens of disabled, or of enabled, users. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  ownerDisabled?: boolean;

  /** Only tokens whose previous secret still works after a rotation, or all others. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  inGrace?: boolean;
}
