import { IsBoolean, IsIn, IsISO8601, IsOptional, IsString, IsInt } from 'class-validator';
import { USER_KINDS, type UserKind } from '../lists/user-kinds.js';

/** The caller's own account, with what the presented token may do. Absent values are left out. */
export class MeDto {
  /** Opaque id. */
  @IsString()
  id: string;

  /** Canonical name. */
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

  /** Effective permissions of the presented token, sorted. */
  @IsString({ each: true })
  permissions: string[];

  /** Whether the user may log in; always true for whoever reads this. */
  @IsBoolean()
  enabled: boolean;

  /** When the user was made, RFC 3339. */
  @IsISO8601()
  creationTime: string;

  /** Last log-in or bump, RFC 3339. */
  @IsOptional()
  @IsISO8601()
  lastLoginTime?: string;

  /** Counts the edits of the user. */
  @IsInt()
  version: number;
}
