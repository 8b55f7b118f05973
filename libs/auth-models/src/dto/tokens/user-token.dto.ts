import { IsBoolean, IsIn, IsInt, IsISO8601, IsObject, IsOptional, IsString } from 'class-validator';
import { TOKEN_KINDS, TOKEN_STATES, type TokenKind, type TokenState } from '../../lists/enums.js';
import { RateLimitDto } from './rate-limit.dto.js';
import { SupersededSecretDto } from './superseded-secret.dto.js';

/** Token of a user. Members without a value are absent. */
export class UserTokenDto {
  /** Value for `X-Auth-Token`. Only the response that creates or rotates the token has it, and `GET /auth/session`. */
  @IsOptional()
  @IsString()
  token?: string;

  /** Opaque id of the token. */
  @IsString()
  id: string;

  /** Canonical name of the token's user. */
  @IsString()
  user: string;

  /** `session` for a token from a login, `api` for one that was created explicitly. */
  @IsIn(TOKEN_KINDS)
  kind: TokenKind;

  /** Purpose of the token. */
  @IsOptional()
  @IsString()
  note?: string;

  /** Whether the token itself is enabled. The server accepts it if `state` is `active` or `expiring`. */
  @IsBoolean()
  enabled: boolean;

  /** State of the token. */
  @IsIn(TOKEN_STATES)
  state: TokenState;

  /** Permissions that the token is limited to. Absent if it has all permissions of its user, or of its `roles`. */
  @IsOptional()
  @IsString({ each: true })
  permissions?: string[];

  /** Roles that the token is limited to. Absent if it has all roles of its user, or none because it has only `permissions`. */
  @IsOptional()
  @IsString({ each: true })
  roles?: string[];

  /** Addresses and networks that the token can be used from. Absent if it can be used from all, empty if from none. */
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

  /** Number of uses that are left. Present if the token has `maxUses`. */
  @IsOptional()
  @IsInt()
  usesLeft?: number;

  /** Maximum number of uses in each time window. */
  @IsOptional()
  @IsObject()
  rateLimit?: RateLimitDto;

  /** JSON object for the services that verify the token. */
  @IsOptional()
  @IsObject()
  metadata?: Record<string, unknown>;

  /** Creation time, RFC 3339. */
  @IsISO8601()
  creationTime: string;

  /** Absolute expiry, RFC 3339. Absent if the token has none. */
  @IsOptional()
  @IsISO8601()
  expirationTime?: string;

  /** Expiry of an idle session, RFC 3339. A bump extends it. */
  @IsOptional()
  @IsISO8601()
  idleExpirationTime?: string;

  /** Time of the last use, RFC 3339. */
  @IsOptional()
  @IsISO8601()
  lastUsageTime?: string;

  /** Client address of the last use. */
  @IsOptional()
  @IsString()
  lastUsageAddress?: string;

  /** `User-Agent` of the last use. */
  @IsOptional()
  @IsString()
  lastUsageAgent?: string;

  /** Previous secret, if the last rotation had a grace period. */
  @IsOptional()
  @IsObject()
  superseded?: SupersededSecretDto;

  /** Prefix and last four characters of the token, to recognize it by. */
  @IsString()
  tokenPreview: string;

  /** Id of the token that this one was created with. */
  @IsOptional()
  @IsString()
  createdByTokenId?: string;

  /** Number of edits of the token. Use does not increase it. */
  @IsInt()
  version: number;

  /** Deviations from the request, such as an expiry reduced to the server's maximum. Only the response to that request has them. */
  @IsOptional()
  @IsString({ each: true })
  warnings?: string[];
}
