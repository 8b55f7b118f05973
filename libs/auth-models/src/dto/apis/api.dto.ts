import { IsArray, IsBoolean, IsInt, IsISO8601, IsOptional, IsString, ValidateNested } from 'class-validator';
import { Nested } from '../../validation/nested.js';
import { ApiPermissionDto } from './api-permission.dto.js';

/** API with permissions for roles and tokens: a service behind the server, or a part of the server itself. */
export class ApiDto {
  /** Name of the API. It never changes. */
  @IsString()
  name: string;

  /** Purpose of the API. */
  @IsOptional()
  @IsString()
  description?: string;

  /** Permissions of the API, sorted by name. */
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => ApiPermissionDto)
  permissions: ApiPermissionDto[];

  /** Whether the API is part of the server. Such an API cannot be changed or deleted. */
  @IsBoolean()
  isBuiltIn: boolean;

  /** Number of tokens that are limited to permissions, including one of this API. Not covered by `ETag`. */
  @IsInt()
  tokenCount: number;

  /** Creation time, RFC 3339. Absent if the API is built in. */
  @IsOptional()
  @IsISO8601()
  creationTime?: string;

  /** Number of edits of the API. */
  @IsInt()
  version: number;

  /** Time from which a change is in effect everywhere, RFC 3339. Only the response to that change has it. */
  @IsOptional()
  @IsISO8601()
  effectiveBy?: string;
}
