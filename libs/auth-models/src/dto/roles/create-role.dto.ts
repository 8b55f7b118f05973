import { IsBoolean } from 'class-validator';
import { IsPermissions, IsRoleDescription, IsRoleName } from '../../validation/members.js';
import { TRUE_OR_FALSE } from '../../validation/messages.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** New role. */
export class CreateRoleDto {
  /** Name of the role. It cannot be changed. */
  @IsRoleName()
  name: string;

  /** Purpose of the role. */
  @IsOptionalNonNull()
  @IsRoleDescription()
  description?: string;

  /** Names of registered permissions that the caller has. None by default. */
  @IsOptionalNonNull()
  @IsPermissions()
  permissions?: string[];

  /** Whether sessions of its holders require a second factor. `false` by default. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  requiresSecondFactor?: boolean;
}
