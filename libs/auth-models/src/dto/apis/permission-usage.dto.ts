import { IsArray, IsInt, IsString, ValidateNested } from 'class-validator';
import { Nested } from '../../validation/nested.js';

/** Roles and tokens that use a permission of an API. */
export class PermissionUsageDto {
  /** Name of the permission. */
  @IsString()
  permission: string;

  /** Names of the roles that grant it. */
  @IsString({ each: true })
  roles: string[];

  /** Number of live tokens that are limited to permissions, this one among them. */
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
