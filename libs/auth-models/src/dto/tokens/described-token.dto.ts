import { IsIn, IsInt, IsISO8601 } from 'class-validator';
import { TOKEN_KINDS, type TokenKind } from '../../lists/enums.js';
import { RateLimitDto } from './rate-limit.dto.js';

/** Purpose and scope of a token, as responses show them. Members without a value are absent. */
export abstract class DescribedScopeDto {
  /** Purpose of the token. */
  note?: string;

  /** Permissions that the token is limited to. Absent if it has all permissions of its user, or of its `roles`. */
  permissions?: string[];

  /** Roles that the token is limited to. Absent if it has all roles of its user, or none because it has only `permissions`. */
  roles?: string[];
}

/** Members of a token that its creation sets, besides its expiry. */
export abstract class PlannedTokenDto extends DescribedScopeDto {
  /** Addresses and networks that the token can be used from. Absent if it can be used from all, empty if from none. */
  allowedAddresses?: string[];

  /** Time before which the token is rejected, RFC 3339. */
  @IsISO8601()
  notBefore?: string;

  /** Maximum number of uses of the token. */
  @IsInt()
  maxUses?: number;

  /** Maximum number of uses in each time window. */
  rateLimit?: RateLimitDto;

  /** JSON object for the services that verify the token. */
  metadata?: Record<string, unknown>;
}

/** Members that every description of a token has. */
export abstract class DescribedTokenDto extends PlannedTokenDto {
  /** Opaque id of the token. */
  id: string;

  /** `session` for a token from a login, `api` for one that was created explicitly, `canary` for bait. */
  @IsIn(TOKEN_KINDS)
  kind: TokenKind;

  /** Number of uses that are left. Present if the token has `maxUses`. */
  @IsInt()
  usesLeft?: number;

  /** Absolute expiry, RFC 3339. Absent if the token has none. */
  @IsISO8601()
  expirationTime?: string;

  /** Expiry of an idle session, RFC 3339. A bump extends it. */
  @IsISO8601()
  idleExpirationTime?: string;
}
