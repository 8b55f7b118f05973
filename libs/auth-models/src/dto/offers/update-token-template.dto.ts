import { IsOptional } from 'class-validator';
import {
  IsLifetime,
  IsNote,
  IsPermissions,
  IsRoleNames,
  IsTemplateDescription,
  IsVersion,
} from '../../validation/members.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Merge patch (RFC 7396) of a template. Absent members do not change. Requests keep what they copied. */
export class UpdateTokenTemplateDto {
  /** Purpose of the tokens; `null` removes it. */
  @IsOptional()
  @IsTemplateDescription()
  description?: string | null;

  /** Permissions that the tokens are limited to; `null` removes the limit. */
  @IsOptional()
  @IsPermissions()
  permissions?: string[] | null;

  /** Roles that the tokens are limited to; `null` removes the limit. */
  @IsOptional()
  @IsRoleNames()
  roles?: string[] | null;

  /** Lifetime of the tokens in seconds. Longer ones are reduced to the server's maximum. */
  @IsOptionalNonNull()
  @IsLifetime()
  expiresIn?: number;

  /** Note of the tokens; `null` removes it. */
  @IsOptional()
  @IsNote()
  note?: string | null;

  /** Expected version of the template. Required unless `If-Match` has it. */
  @IsOptionalNonNull()
  @IsVersion()
  version?: number;
}
