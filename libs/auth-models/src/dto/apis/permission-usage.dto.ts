import { IsArray, IsInt, IsString, ValidateNested } from 'class-validator';
import { Nested } from '../../validation/nested.js';

/** Roles and tokens that use a permission of an API. */
export class PermissionUsageDto {
  /** Name of the permission. */
  @IsString()
  permission: string;

  /** Number of roles that grant it. */
  @IsInt()
  roleCount: number;

  /** Names of these roles, sorted. At most 100. */
  @IsString({ each: true })
  roles: string[];

  /** Number of live tokens that are limited to permissions, including this one. */
  @IsInt()
  tokenCount: number;
}

/** Uses of all permissions of an API, sorted by permission. */
export class PermissionUsageListDto {
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => PermissionUsageDto)
  items: PermissionUsageDto[];
}
