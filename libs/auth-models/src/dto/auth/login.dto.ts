import { IsDateTime } from '../../validation/date-time.js';
import { IsExpiresIn, IsNote, IsPermissions, IsRoleNames } from '../../validation/members.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Options of a login. The body and each member are optional. */
export class LoginDto {
  /** Note for the new session. By default the user agent. */
  @IsOptionalNonNull()
  @IsNote()
  note?: string;

  /**
   * Expiry of the new session, RFC 3339 with a time zone. Later times are reduced to the server's maximum.
   */
  @IsOptionalNonNull()
  @IsDateTime()
  expirationTime?: string;

  /** Seconds until the expiry, instead of `expirationTime`. */
  @IsExpiresIn()
  expiresIn?: number;

  /**
   * Permissions, of any API, that the session is limited to. Without `roles`, such a session has no roles.
   */
  @IsOptionalNonNull()
  @IsPermissions()
  permissions?: string[];

  /** Roles that the session is limited to. Without `permissions`, it has all permissions of these roles. */
  @IsOptionalNonNull()
  @IsRoleNames()
  roles?: string[];
}
