import { IsIn } from 'class-validator';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Query parameters of `GET /health/ready`. */
export class HealthQueryDto {
  /**
   * With `optional`, a server is ready even if writes fail, because it can still verify tokens. `remarks`
   * then has the reason.
   */
  @IsOptionalNonNull()
  @IsIn(['optional'])
  writes?: 'optional';
}
