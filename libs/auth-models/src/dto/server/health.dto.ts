import { IsIn, IsOptional, IsString } from 'class-validator';

/** Liveness or readiness of the server. */
export class HealthDto {
  /** `ok`, or `unavailable` with a reason. */
  @IsIn(['ok', 'unavailable'])
  status: 'ok' | 'unavailable';

  /** Reason why the server is not ready. */
  @IsOptional()
  @IsString()
  reason?: string;

  /** Warnings of a server that is ready, such as limited operation. A few sentences each. */
  @IsOptional()
  @IsString({ each: true })
  remarks?: string[];
}
