import { IsBoolean, IsIn, IsInt, IsISO8601, IsOptional, IsString } from 'class-validator';
import { USER_KINDS, type UserKind } from '../../lists/enums.js';

/** Members of a user that the user and administrators can read. Members without a value are absent. */
export class ProfileDto {
  /** Opaque id, which is never reused. */
  @IsString()
  id: string;

  /** Canonical name. It is part of every `X-Auth-Token`, so it never changes. */
  @IsString()
  name: string;

  /** Display name. */
  @IsOptional()
  @IsString()
  displayName?: string;

  /** E-mail address. */
  @IsOptional()
  @IsString()
  email?: string;

  /** Kind of the user. */
  @IsIn(USER_KINDS)
  kind: UserKind;

  /** Names of the user's roles, sorted. */
  @IsString({ each: true })
  roles: string[];

  /** Whether the user may log in and use tokens. */
  @IsBoolean()
  enabled: boolean;

  /** Creation time, RFC 3339. */
  @IsISO8601()
  creationTime: string;

  /** Time of the last login or bump, RFC 3339. */
  @IsOptional()
  @IsISO8601()
  lastLoginTime?: string;

  /** Number of edits of the user. */
  @IsInt()
  version: number;
}
