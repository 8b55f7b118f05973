import { IsInt, IsISO8601, IsOptional, IsString } from 'class-validator';

/** Previous secret of a rotated token, with its use since the rotation. */
export class SupersededSecretDto {
  /** Expiry of the secret, RFC 3339. It can be in the past. */
  @IsISO8601()
  until: string;

  /** Number of uses since the rotation. */
  @IsInt()
  uses: number;

  /** Time of the last use since the rotation, RFC 3339. */
  @IsOptional()
  @IsISO8601()
  lastUsageTime?: string;

  /** Client address of the last use. */
  @IsOptional()
  @IsString()
  lastUsageAddress?: string;

  /** `User-Agent` of the last use. */
  @IsOptional()
  @IsString()
  lastUsageAgent?: string;

  /**
   * Service that reported the last use, as in `addresses` of the usage. Absent if the server itself saw it.
   */
  @IsOptional()
  @IsString()
  lastUsageReportedBy?: string;
}
