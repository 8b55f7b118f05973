import { IsBoolean, IsInt, IsISO8601, IsOptional, IsString } from 'class-validator';

/** Named set of permissions. A role without permissions is a label for services behind the server. */
export class RoleDto {
  /** Name of the role. It never changes. Services receive it in `X-Auth-Roles`. */
  @IsString()
  name: string;

  /** Purpose of the role. */
  @IsOptional()
  @IsString()
  description?: string;

  /** Names of the role's permissions, sorted. Feature modules can add permissions to built-in roles. */
  @IsString({ each: true })
  permissions: string[];

  /** Whether the role is built in. Built-in roles cannot be changed or deleted. */
  @IsBoolean()
  isBuiltIn: boolean;

  /** Whether sessions of its holders require a second factor. */
  @IsBoolean()
  requiresSecondFactor: boolean;

  /** Number of users with the role. Not covered by `ETag`. */
  @IsInt()
  userCount: number;

  /** Creation time, RFC 3339. */
  @IsISO8601()
  creationTime: string;

  /** Number of edits of the role. */
  @IsInt()
  version: number;

  /** Time from which a change is in effect everywhere, RFC 3339. Only the response to that change has it. */
  @IsOptional()
  @IsISO8601()
  effectiveBy?: string;
}
