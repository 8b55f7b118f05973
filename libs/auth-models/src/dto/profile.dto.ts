import { IsBoolean, IsIn, IsInt, IsISO8601, IsOptional, IsString } from 'class-validator';
import { USER_KINDS, type UserKind } from '../lists/user-kinds.js';

/** What a user reads of themselves and administrators of anybody. Absent values are left out. */
export class ProfileDto {
  /** Opaque id; never used again, unlike a name. */
  @IsString()
  id: string;

  /** Canonical name; half of every `X-Auth-Token`, so it never changes. */
  @IsString()
  name: string;

  /** The name people know them by. */
  @IsOptional()
  @IsString()
  displayName?: string;

  /** E-mail address. */
  @IsOptional()
  @IsString()
  email?: string;

  /** `human` or `service`. */
  @IsIn(USER_KINDS)
  kind: UserKind;

  /** Names of the roles held, sorted. */
  @IsString({ each: true })
  roles: string[];

  /** Whether the user may log in and use tokens. */
  @IsBoolean()
  enabled: boolean;

  /** When the user was made, RFC 3339. */
  @IsISO8601()
  creationTime: string;

  /** Last log-in or bump, RFC 3339; absent = never. */
  @IsOptional()
  @IsISO8601()
  lastLoginTime?: string;

  /** Counts the edits of the user. */
  @IsInt()
  version: number;
}
