import { IsBoolean } from 'class-validator';
import { IsAwaitSeconds } from '../../validation/members.js';
import { TRUE_OR_FALSE } from '../../validation/messages.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { ParseBoolean, ParseInteger } from '../../validation/query-parameters.js';

/** Query parameters of `DELETE /tokens/{id}`. */
export class RevokeTokenQueryDto {
  /** Whether to revoke also the tokens that were created with this one, and those created with them. */
  @IsOptionalNonNull()
  @ParseBoolean()
  @IsBoolean(TRUE_OR_FALSE)
  descendants?: boolean;

  /** Seconds to wait until all verifiers and replicas have acknowledged the revocation. The response then states how many have. */
  @ParseInteger()
  @IsAwaitSeconds()
  await?: number;
}
