import { IsBoolean, IsIn, IsObject, IsString, ValidateIf, ValidateNested } from 'class-validator';
import { IsDateTime } from '../../validation/date-time.js';
import { TRUE_OR_FALSE } from '../../validation/messages.js';
import { HasExpiry, IsExpiresIn, IsReason } from '../../validation/members.js';
import { Nested } from '../../validation/nested.js';
import { policyOf } from '../../validation/policy.js';
import { AllowedIf, IsOptionalNonNull, Required } from '../../validation/presence.js';
import { TokenFilterDto } from '../tokens/token-filter.dto.js';
import { BulkRequestDto } from './bulk-request.dto.js';

/** Bulk actions on tokens. */
export const TOKEN_BULK_ACTIONS = [
  'enable',
  'disable',
  'revoke',
  'extend',
  'acknowledge',
  'unacknowledge',
] as const;

/** One of {@link TOKEN_BULK_ACTIONS}. */
export type TokenBulkAction = (typeof TOKEN_BULK_ACTIONS)[number];

/**
 * Bulk request for tokens. The caller's own tokens require no permission, others `tokens:read` and
 * `tokens:write`.
 */
export class TokenBulkRequestDto extends BulkRequestDto {
  /**
   * Action on each token. `extend` sets a later expiry, and rejects tokens that would not expire later.
   * `acknowledge` hides tokens in any state from the inbox of the administrators until a new event, and
   * `unacknowledge` shows them again. Both require `tokens:write`, also for own tokens, and keep the version.
   */
  @IsIn(TOKEN_BULK_ACTIONS)
  action: TokenBulkAction;

  /**
   * New expiry for `extend`, RFC 3339 with a time zone. For each token, later times are reduced to its
   * maximum. `null` means no expiry, if the server allows it.
   */
  @ValidateIf((dto: TokenBulkRequestDto) => {
    const { action, expirationTime, expiresIn } = dto;
    return expirationTime === undefined
      ? action === 'extend' && expiresIn === undefined
      : action !== 'extend' || expirationTime !== null || !policyOf(dto).apiTokens.noExpiry;
  })
  @Required('expirationTime is missing; extend requires the new expiry, or null for no expiry')
  @AllowedIf('action', ['extend'])
  @HasExpiry()
  @IsString()
  @IsDateTime()
  expirationTime?: string | null;

  /** Seconds until the new expiry for `extend`, instead of `expirationTime`. */
  @IsExpiresIn()
  @AllowedIf('action', ['extend'])
  expiresIn?: number;

  /** Reason for the audit trail, for `revoke`. */
  @IsReason()
  @AllowedIf('action', ['revoke'])
  reason?: string;

  /**
   * Tokens by the filters of the token list. Send either this or `ids`. An empty filter matches every token
   * that the list shows.
   */
  @IsOptionalNonNull()
  @IsObject()
  @ValidateNested()
  @Nested(() => TokenFilterDto)
  filter?: TokenFilterDto;

  /** Whether to leave the presented token unchanged. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  keepCurrent?: boolean;
}
