import { IsIn, IsInt, IsISO8601, IsObject, IsOptional, IsString } from 'class-validator';
import { TOKEN_KINDS, type TokenKind } from '../../lists/enums.js';
import { RateLimitDto } from './rate-limit.dto.js';

/** Purpose and scope of a token, as responses show them. Members without a value are absent. */
export abstract class DescribedScopeDto {
  /** Purpose of the token. */
  @IsOptional()
  @IsString()
  note?: string;

  /**
   * Permissions that the token is limited to. Absent if it has all permissions of its user, or of its
   * `roles`.
   */
  @IsOptional()
  @IsString({ each: true })
  permissions?: string[];

  /**
   * Roles that the token is limited to. Absent if it has all roles of its user, or none because it has only
   * `permissions`.
   */
  @IsOptional()
  @IsString({ each: true })
  roles?: string[];
}

/** Members of a token that its creation sets, besides its expiry. */
export abstract class PlannedTokenDto extends DescribedScopeDto {
  /**
   * Addresses and networks that the token can be used from. Absent if it can be used from all, empty if from
   * none.
   */
  @IsOptional()
  @IsString({ each: true })
  allowedAddresses?: string[];

  /** Time before which the token is rejected, RFC 3339. */
  @IsOptional()
  @IsISO8601()
  notBefore?: string;

  /** Maximum number of uses of the token. */
  @IsOptional()
  @IsInt()
  maxUses?: number;

  /** Maximum number of uses in each time window. */
  @IsOptional()
  @IsObject()
  rateLimit?: RateLimitDto;

  /** JSON object for the services that verify the token. */
  @IsOptional()
  @IsObject()
  metadata?: Record<string, unknown>;
}

/** Members that every description of a token has. */
export abstract class DescribedTokenDto extends PlannedTokenDto {
  /** Opaque id of the token. */
  @IsString()
  id: string;

  /** `session` for a token from a login, `api` for one that was created explicitly, `canary` for bait. */
  @IsIn(TOKEN_KINDS)
  kind: TokenKind;

  /** Number of uses that are left. Present if the token has `maxUses`. */
  @IsOptional()
  @IsInt()
  usesLeft?: number;

  /** Absolute expiry, RFC 3339. Absent if the token has none. */
  @IsOptional()
  @IsISO8601()
  expirationTime?: string;

  /** Expiry of an idle session, RFC 3339. A bump extends it. */
  @IsOptional()
  @IsISO8601()
  idleExpirationTime?: string;
}
