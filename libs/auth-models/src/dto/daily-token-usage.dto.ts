import { IsInt, IsISO8601, IsOptional, IsString } from 'class-validator';

/** How often a token was used on one day. */
export class DailyTokenUsageDto {
  /** The day in UTC, such as `2030-01-31`. */
  @IsISO8601()
  date: string;

  /** Uses of the secret it had. */
  @IsInt()
  uses: number;

  /** Uses of the secret it had before a rotation, in the grace period. */
  @IsInt()
  supersededUses: number;

  /** The address of the day's last use. */
  @IsOptional()
  @IsString()
  lastUsageAddress?: string;

  /** What the day's last use was made with, as `User-Agent` says. */
  @IsOptional()
  @IsString()
  lastUsageAgent?: string;
}
