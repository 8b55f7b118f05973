import { ValidateNested } from 'class-validator';
import { IsApiDescription, IsApiName, IsApiPermissions } from '../../validation/members.js';
import { Nested } from '../../validation/nested.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { ApiPermissionDto } from './api-permission.dto.js';

/** New API. */
export class CreateApiDto {
  /** Name of the API. It cannot be changed later. Names of the server's own APIs are reserved. */
  @IsApiName()
  name: string;

  /** Purpose of the API. */
  @IsOptionalNonNull()
  @IsApiDescription()
  description?: string;

  /** Permissions of the API. None by default. */
  @IsOptionalNonNull()
  @IsApiPermissions()
  @ValidateNested({ each: true })
  @Nested(() => ApiPermissionDto)
  permissions?: ApiPermissionDto[];
}
