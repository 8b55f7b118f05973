import { IsOptional, ValidateNested } from 'class-validator';
import { IsApiDescription, IsApiPermissions, IsVersion } from '../../validation/members.js';
import { Nested } from '../../validation/nested.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { ApiPermissionDto } from './api-permission.dto.js';

/** Merge patch (RFC 7396) of an API. Absent members do not change. */
export class UpdateApiDto {
  /** Purpose of the API; `null` removes it. */
  @IsOptional()
  @IsApiDescription()
  description?: string | null;

  /** New permissions of the API, which replace the current ones. */
  @IsOptionalNonNull()
  @IsApiPermissions()
  @ValidateNested({ each: true })
  @Nested(() => ApiPermissionDto)
  permissions?: ApiPermissionDto[];

  /** Expected version of the API. Required unless `If-Match` has it. */
  @IsOptionalNonNull()
  @IsVersion()
  version?: number;
}
