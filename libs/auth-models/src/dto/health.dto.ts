import { IsIn, IsOptional, IsString } from 'class-validator';

/** Whether the process is alive, or ready to serve. */
export class HealthDto {
  /** `ok`, or `unavailable` with a reason. */
  @IsIn(['ok', 'unavailable'])
  status: 'ok' | 'unavailable';

  /** Why it is not ready. */
  @IsOptional()
  @IsString()
  reason?: string;

  /** What somebody should look at although it serves, a sentence or two each; absent if there is nothing. */
  @IsOptional()
  @IsString({ each: true })
  remarks?: string[];
}
