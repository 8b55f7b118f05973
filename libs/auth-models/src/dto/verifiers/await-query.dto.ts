import { IsAwaitSeconds } from '../../validation/members.js';
import { ParseInteger } from '../../validation/query-parameters.js';

/** Query parameter of requests that revoke tokens. */
export class AwaitQueryDto {
  /** Seconds to wait until all verifiers and replicas have acknowledged the revocation. The response then states how many have. */
  @ParseInteger()
  @IsAwaitSeconds()
  await?: number;
}
