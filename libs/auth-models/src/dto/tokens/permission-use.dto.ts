import { IsISO8601, IsOptional, IsString } from 'class-validator';

/** Last use of a permission that a token is limited to. */
export class PermissionUseDto {
  /** Name of the permission. */
  @IsString()
  permission: string;

  /** Last day in UTC on which a request required it: a verification, or a route of the server. Absent if none has. */
  @IsOptional()
  @IsISO8601()
  lastUseDate?: string;
}
