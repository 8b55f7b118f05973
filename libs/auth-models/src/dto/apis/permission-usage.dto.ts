import { IsArray, IsInt, IsString, ValidateNested } from 'class-validator';
import { Nested } from '../../validation/nested.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Roles and tokens that use a permission, and the numbers of its holders. */
export class PermissionUsageDto {
  /** Name of the permission. */
  @IsString()
  permission: string;

  /** Number of roles that grant it. Absent without `roles:read`. */
  @IsOptionalNonNull()
  @IsInt()
  roleCount?: number;

  /** Names of these roles, sorted. At most 100. Absent without `roles:read`. */
  @IsOptionalNonNull()
  @IsString({ each: true })
  roles?: string[];

  /** Number of live tokens that are limited to permissions, including this one. */
  @IsInt()
  tokenCount: number;

  /** Number of users with a role that grants it. Absent without `roles:read` or `users:read`. */
  @IsOptionalNonNull()
  @IsInt()
  userCount?: number;

  /**
   * Number of live API tokens with this permission, of any user: tokens without a limit, and those whose
   * limit includes it. Absent without `roles:read` or `tokens:read`.
   */
  @IsOptionalNonNull()
  @IsInt()
  apiTokenCount?: number;
}

/** Uses of all permissions of an API or a role, sorted by permission. */
export class PermissionUsageListDto {
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => PermissionUsageDto)
  items: PermissionUsageDto[];
}
