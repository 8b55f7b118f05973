import { IsIn, IsInt, IsISO8601 } from 'class-validator';
import { USER_KINDS, type UserKind } from '../../lists/enums.js';

/** Members of a user that the user and administrators can read. Members without a value are absent. */
export class ProfileDto {
  /** Opaque id, which is never reused. */
  id: string;

  /** Canonical name. It is part of every `X-Auth-Token`, so it never changes. */
  name: string;

  /** Display name. */
  displayName?: string;

  /** E-mail address. */
  email?: string;

  /** Kind of the user. */
  @IsIn(USER_KINDS)
  kind: UserKind;

  /** Names of the user's roles, sorted. */
  roles: string[];

  /** Whether the user may log in and use tokens. */
  enabled: boolean;

  /** Creation time, RFC 3339. */
  @IsISO8601()
  creationTime: string;

  /** Time of the last login or bump, RFC 3339. */
  @IsISO8601()
  lastLoginTime?: string;

  /** Number of edits of the user. */
  @IsInt()
  version: number;
}
