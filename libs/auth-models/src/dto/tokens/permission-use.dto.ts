import { IsISO8601, IsOptional, IsString } from 'class-validator';

/** Last use of a permission that a token is limited to. */
export class PermissionUseDto {
  /** Name of the permission. */
  @IsString()
  permission: string;

  /**
   * Last day in UTC on which a verification or a route of the server required it. Absent if there is none.
   */
  @IsOptional()
  @IsISO8601()
  lastUseDate?: string;
}
