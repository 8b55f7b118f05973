import { IsBoolean, IsInt, IsISO8601, IsOptional, IsString } from 'class-validator';

/** A role: a name for a set of permissions. One without permissions is a label for the services behind us. */
export class RoleDto {
  /** Never changes; services see it in `X-Auth-Roles`. */
  @IsString()
  name: string;

  /** What the role is for; absent if nobody said. */
  @IsOptional()
  @IsString()
  description?: string;

  /** Names of the permissions it gives, sorted. What built-in roles give grows with feature modules. */
  @IsString({ each: true })
  permissions: string[];

  /** Whether every server has the role, and nobody can change or delete it. */
  @IsBoolean()
  isBuiltIn: boolean;

  /** Users who hold it. Not covered by `ETag`. */
  @IsInt()
  userCount: number;

  /** When the role was made, RFC 3339. */
  @IsISO8601()
  creationTime: string;

  /** Counts the edits of the role. */
  @IsInt()
  version: number;
}
