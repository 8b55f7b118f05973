import { IsInt, IsISO8601 } from 'class-validator';
import { ApiPermissionDto } from './api-permission.dto.js';

/** API with permissions for roles and tokens: a service behind the server, or a part of the server itself. */
export class ApiDto {
  /** Name of the API. It never changes. */
  name: string;

  /** Purpose of the API. */
  description?: string;

  /** Permissions of the API, sorted by name. */
  permissions: ApiPermissionDto[];

  /** Whether the API is part of the server. Such an API cannot be changed or deleted. */
  isBuiltIn: boolean;

  /** Number of tokens that are limited to permissions, including one of this API. Not covered by `ETag`. */
  @IsInt()
  tokenCount: number;

  /** Creation time, RFC 3339. Absent if the API is built in. */
  @IsISO8601()
  creationTime?: string;

  /** Number of edits of the API. */
  @IsInt()
  version: number;

  /** Time from which a change is in effect everywhere, RFC 3339. Only the response to that change has it. */
  @IsISO8601()
  effectiveBy?: string;
}
