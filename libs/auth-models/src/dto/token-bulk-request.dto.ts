import { IsBoolean, IsIn, IsObject, IsString, ValidateIf, ValidateNested } from 'class-validator';
import { IsDateTime } from '../validation/is-instant.decorator.js';
import { TRUE_OR_FALSE } from '../validation/messages.js';
import { Nested } from '../validation/nested.decorator.js';
import { AllowedIf, IsOptionalNonNull, Required } from '../validation/presence.js';
import { BulkRequestDto } from './bulk-request.dto.js';
import { TokenFilterDto } from './token-filter.dto.js';

/** What can be done to many tokens at once. */
export const TOKEN_BULK_ACTIONS = ['enable', 'disable', 'revoke', 'extend'] as const;

/** One of {@link TOKEN_BULK_ACTIONS}. */
export type TokenBulkAction = (typeof TOKEN_BULK_ACTIONS)[number];

/** A change of many tokens. One's own need no permission, those of others `tokens:read` and `tokens:write`. */
export class TokenBulkRequestDto extends BulkRequestDto {
  /** What is done to each. `extend` gives it a later end, and refuses one that would end no later. */
  @IsIn(TOKEN_BULK_ACTIONS)
  action: TokenBulkAction;

  /**
   * The end that `extend` gives, RFC 3339 with a zone; clipped for each token as an end given to it alone would be.
   * `null` = none, where the server allows it.
   */
  @ValidateIf(({ action, expirationTime }: TokenBulkRequestDto) =>
    action === 'extend' ? expirationTime !== null : expirationTime !== undefined,
  )
  @Required('expirationTime is missing: extend needs the end to give, or null for none')
  @AllowedIf('action', ['extend'])
  @IsString()
  @IsDateTime()
  expirationTime?: string | null;

  /** The tokens by what the list filters by; either this or `ids`. An empty filter means all that the list shows. */
  @IsOptionalNonNull()
  @IsObject()
  @ValidateNested()
  @Nested(() => TokenFilterDto)
  filter?: TokenFilterDto;

  /** Whether the presented token is spared. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  keepCurrent?: boolean;
}
