import { IsBoolean, IsIn, IsInt, IsOptional, IsString } from 'class-validator';

/** Whose a token is (RFC 7662, section 2.2); of one that is not good only that. */
export class IntrospectionResponseDto {
  /** Whether the token is good now. */
  @IsBoolean()
  active: boolean;

  /** Canonical name of its user. */
  @IsOptional()
  @IsString()
  username?: string;

  /** Id of its user. */
  @IsOptional()
  @IsString()
  sub?: string;

  /** Id of the token. */
  @IsOptional()
  @IsString()
  jti?: string;

  /** What it may do: permissions with spaces between. */
  @IsOptional()
  @IsString()
  scope?: string;

  /** Names of its user's roles. */
  @IsOptional()
  @IsString({ each: true })
  roles?: string[];

  /** When it was made, in seconds since 1970. */
  @IsOptional()
  @IsInt()
  iat?: number;

  /** When the presented secret ends unless a session is bumped before, in seconds since 1970; absent = never. */
  @IsOptional()
  @IsInt()
  exp?: number;

  @IsOptional()
  @IsIn(['XAuthToken'])
  token_type?: 'XAuthToken';
}
