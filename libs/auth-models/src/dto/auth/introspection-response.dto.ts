import { IsBoolean, IsIn, IsInt, IsObject, IsOptional, IsString } from 'class-validator';

/** Token introspection response (RFC 7662, section 2.2). For an inactive token it has `active` only. */
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

  /** Expiry of the presented secret in seconds since 1970. A bump can extend a session. Absent if it never expires. */
  @IsOptional()
  @IsInt()
  exp?: number;

  /** Time from which the token is valid, in seconds since 1970. */
  @IsOptional()
  @IsInt()
  nbf?: number;

  /** Metadata of the token. */
  @IsOptional()
  @IsObject()
  metadata?: Record<string, unknown>;

  /**
   * Seconds for which a verifier that receives the revocation feed may answer from memory. 0 for tokens with `maxUses` or `rateLimit`,
   * and for superseded secrets.
   */
  @IsOptional()
  @IsInt()
  remember_for?: number;

  /** Whether the token is limited to addresses, so that the response is valid only for the given `address`. */
  @IsOptional()
  @IsBoolean()
  bound_to_address?: boolean;

  /** Type of the token. */
  @IsOptional()
  @IsIn(['XAuthToken'])
  token_type?: 'XAuthToken';
}
