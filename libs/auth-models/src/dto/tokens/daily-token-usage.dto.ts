import { IsInt, IsISO8601, IsOptional, IsString } from 'class-validator';

/** Usage of a token on one day. */
export class DailyTokenUsageDto {
  /** Day in UTC, such as `2030-01-31`. */
  @IsISO8601()
  date: string;

  /** Number of uses of the current secret. */
  @IsInt()
  uses: number;

  /** Number of uses of a superseded secret in its grace period. */
  @IsInt()
  supersededUses: number;

  /**
   * Client address of the day's last use. A service may have reported the use: `addresses` of the usage names
   * it.
   */
  @IsOptional()
  @IsString()
  lastUsageAddress?: string;

  /** `User-Agent` of the day's last use. */
  @IsOptional()
  @IsString()
  lastUsageAgent?: string;

  /**
   * Service that reported the day's last use, as in `addresses` of the usage. Absent if the server itself saw
   * it.
   */
  @IsOptional()
  @IsString()
  lastUsageReportedBy?: string;
}
