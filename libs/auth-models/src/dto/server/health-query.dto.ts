import { IsIn } from 'class-validator';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Query parameters of `GET /health/ready`. */
export class HealthQueryDto {
  /** `optional` also accepts a server that can only verify tokens, because writes fail. `remarks` then names the cause. */
  @IsOptionalNonNull()
  @IsIn(['optional'])
  writes?: 'optional';
}
