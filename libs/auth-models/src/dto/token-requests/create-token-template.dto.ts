import {
  IsLifetime,
  IsNote,
  IsPermissions,
  IsRoleNames,
  IsTemplateDescription,
  IsTemplateName,
} from '../../validation/members.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** New template for tokens that users can request. */
export class CreateTokenTemplateDto {
  /** Name of the template. It cannot be changed later. */
  @IsTemplateName()
  name: string;

  /** Purpose of the tokens, for the users who choose a template. */
  @IsOptionalNonNull()
  @IsTemplateDescription()
  description?: string;

  /** Permissions that the tokens are limited to. Without `roles`, such tokens have no roles. */
  @IsOptionalNonNull()
  @IsPermissions()
  permissions?: string[];

  /**
   * Roles that the tokens are limited to. Without `permissions`, the tokens have the permissions of these roles. With neither
   * member, they have all that their user holds and the approver can grant.
   */
  @IsOptionalNonNull()
  @IsRoleNames()
  roles?: string[];

  /** Lifetime of the tokens in seconds. Longer ones are reduced to the server's maximum. */
  @IsLifetime()
  expiresIn: number;

  /** Note of the tokens, unless the request has its own. */
  @IsOptionalNonNull()
  @IsNote()
  note?: string;
}
