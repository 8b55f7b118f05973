import { IsBoolean, IsIn, IsInt, IsISO8601, IsObject, IsOptional, IsString } from 'class-validator';
import { type ErrorCode } from '../../texts/en.js';
import { AUTH_METHODS, type AuthMethod } from '../../lists/enums.js';
import { INACTIVE_REASONS } from '../../lists/explanations.js';

/**
 * Token introspection response (RFC 7662, section 2.2). For an invalid token it has only `active`, and with
 * `explain=true` the reason.
 */
export class IntrospectionResponseDto {
  /** Whether the token is valid now. */
  @IsBoolean()
  active: boolean;

  /** Canonical name of the user. */
  @IsOptional()
  @IsString()
  username?: string;

  /** Id of the user. */
  @IsOptional()
  @IsString()
  sub?: string;

  /** Id of the token. */
  @IsOptional()
  @IsString()
  jti?: string;

  /** Permissions of the token, separated by spaces: those of the requested API, or all. */
  @IsOptional()
  @IsString()
  scope?: string;

  /** Names of the APIs in `scope`. */
  @IsOptional()
  @IsString({ each: true })
  aud?: string[];

  /** Names of the roles of the token. */
  @IsOptional()
  @IsString({ each: true })
  roles?: string[];

  /** Creation time in seconds since 1970. */
  @IsOptional()
  @IsInt()
  iat?: number;

  /**
   * Expiry of the presented secret in seconds since 1970. A bump can extend a session. Absent if it never
   * expires.
   */
  @IsOptional()
  @IsInt()
  exp?: number;

  /** The same with milliseconds, as in `X-Auth-Token-Expires` of the presented secret. */
  @IsOptional()
  @IsISO8601()
  expiration_time?: string;

  /** Whether a rotation has replaced the presented secret, which is still accepted in its grace period. */
  @IsOptional()
  @IsBoolean()
  superseded?: boolean;

  /** Time from which the token is valid, in seconds since 1970. */
  @IsOptional()
  @IsInt()
  nbf?: number;

  /** Time of the last login or step-up of a session, in seconds since 1970. Absent for API tokens. */
  @IsOptional()
  @IsInt()
  auth_time?: number;

  /** Methods that proved who the user of a session is (RFC 8176). */
  @IsOptional()
  @IsIn(AUTH_METHODS, { each: true })
  amr?: AuthMethod[];

  /** Metadata of the token. */
  @IsOptional()
  @IsObject()
  metadata?: Record<string, unknown>;

  /**
   * Seconds for which a verifier that receives the revocation feed may answer from memory. 0 for tokens with
   * `maxUses` or `rateLimit`, and for superseded secrets.
   */
  @IsOptional()
  @IsInt()
  remember_for?: number;

  /**
   * Whether the token is limited to addresses, so that the response is valid only for the given `address`.
   */
  @IsOptional()
  @IsBoolean()
  bound_to_address?: boolean;

  /** Type of the token. */
  @IsOptional()
  @IsIn(['Bearer'])
  token_type?: 'Bearer';

  /** Canonical name of the user, for OAuth clients. */
  @IsOptional()
  @IsString()
  client_id?: string;

  /** Error code with which the server rejects the token. */
  @IsOptional()
  @IsIn(INACTIVE_REASONS)
  reason?: ErrorCode;

  /** Id of this request, by which `GET /explanations/{traceId}` explains the rejection. */
  @IsOptional()
  @IsString()
  request_id?: string;

  /** Seconds until the token is below its rate limit, for the reason `rate_limited`. */
  @IsOptional()
  @IsInt()
  retry_after?: number;
}
