import { IsInt, IsISO8601, IsObject, IsOptional, IsString } from 'class-validator';
import { RateLimitDto } from '../tokens/rate-limit.dto.js';

/** Token that a claim creates, as planned when the link was created. Members without a value are absent. */
export abstract class ClaimableTokenDto {
  /** Canonical name of the token's user. */
  @IsString()
  user: string;

  /** Name of the user who created the link. */
  @IsString()
  createdBy: string;

  /** Purpose of the token. */
  @IsOptional()
  @IsString()
  note?: string;

  /** Permissions that the token is limited to. Absent if it has all permissions of its user, or of its `roles`. */
  @IsOptional()
  @IsString({ each: true })
  permissions?: string[];

  /** Roles that the token is limited to. Absent if it has all roles of its user, or none because it has only `permissions`. */
  @IsOptional()
  @IsString({ each: true })
  roles?: string[];

  /** Addresses and networks that the token can be used from. Absent if it can be used from all. */
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

  /** Seconds from the claim until the token expires. */
  @IsOptional()
  @IsInt()
  tokenExpiresIn?: number;

  /** Expiry of the token, RFC 3339, if it does not depend on the claim. A token without both members has no expiry. */
  @IsOptional()
  @IsISO8601()
  tokenExpirationTime?: string;

  /** Expiry of the link, RFC 3339. */
  @IsISO8601()
  expirationTime: string;

  /** Time of the claim, RFC 3339. */
  @IsOptional()
  @IsISO8601()
  claimTime?: string;
}
