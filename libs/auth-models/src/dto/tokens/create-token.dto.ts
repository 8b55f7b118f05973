import { IsOptional } from 'class-validator';
import { IsDateTime } from '../../validation/date-time.js';
import { IsNote, IsPermissions, IsRoleNames } from '../../validation/members.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** New API token. The body and each member are optional. */
export class CreateTokenDto {
  /** Purpose of the token. */
  @IsOptionalNonNull()
  @IsNote()
  note?: string;

  /**
   * Expiry, RFC 3339 with a time zone. Later times are reduced to the server's maximum. By default the server's default
   * lifetime applies. `null` means no expiry, if the server allows it.
   */
  @IsOptional()
  @IsDateTime()
  expirationTime?: string | null;

  /**
   * Permissions that the token is limited to, of any API. The token's user and the presented token must have each of them. Without
   * `roles` such a token conveys no roles.
   */
  @IsOptionalNonNull()
  @IsPermissions()
  permissions?: string[];

  /**
   * Roles that the token is limited to. The token's user must hold each of them. Without `permissions` the token conveys the
   * permissions of these roles. With neither it conveys all present and future roles and permissions of its user that the presented
   * token conveys; a token for another user is also limited to those that its creator may grant.
   */
  @IsOptionalNonNull()
  @IsRoleNames()
  roles?: string[];
}
