import { IsInt, IsISO8601, IsOptional, IsString } from 'class-validator';

/** The secret that a token had before its last rotation, and what it was used for since. */
export class SupersededSecretDto {
  /** When it stops or stopped working, RFC 3339. */
  @IsISO8601()
  until: string;

  /** How often it was used since the rotation. */
  @IsInt()
  uses: number;

  /** When it was last used since the rotation, RFC 3339. */
  @IsOptional()
  @IsISO8601()
  lastUsageTime?: string;

  /** The address it was last used from. */
  @IsOptional()
  @IsString()
  lastUsageAddress?: string;

  /** What it was last used with, as `User-Agent` says. */
  @IsOptional()
  @IsString()
  lastUsageAgent?: string;
}
