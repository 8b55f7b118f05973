import { IsBoolean, IsOptional } from 'class-validator';
import { IsPermissions, IsRoleDescription, IsVersion } from '../../validation/members.js';
import { TRUE_OR_FALSE } from '../../validation/messages.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Merge patch (RFC 7396) of a role. Absent members do not change. */
export class UpdateRoleDto {
  /** Purpose of the role; `null` removes it. */
  @IsOptional()
  @IsRoleDescription()
  description?: string | null;

  /**
   * New permissions of the role, which replace the present ones. They must be registered, and the caller must
   * have them.
   */
  @IsOptionalNonNull()
  @IsPermissions()
  permissions?: string[];

  /** Whether sessions of its holders require a second factor. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  requiresSecondFactor?: boolean;

  /** Expected version of the role. Required unless `If-Match` has it. */
  @IsOptionalNonNull()
  @IsVersion()
  version?: number;
}
