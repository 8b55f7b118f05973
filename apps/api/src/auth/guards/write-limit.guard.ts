import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { replyOf, requestOf } from '../../common/request/http-context.js';
import { principalOf } from '../../common/request/principal.js';
import { rateLimitHeaders } from '../../throttle/rate-limit-headers.js';
import { WriteLimit } from '../../throttle/write-limit.js';
import { SAFE_METHODS } from './permissions.guard.js';
import { routePolicyOf } from './route-policy.js';

/** The third global guard: counts every request that may write, and rejects those of users who have written too much. */
@Injectable()
export class WriteLimitGuard implements CanActivate {
  constructor(private readonly writes: WriteLimit) {}

  canActivate(context: ExecutionContext): boolean {
    const request = requestOf(context);
    const user = principalOf(request);
    if (SAFE_METHODS.includes(request.method) || !user || routePolicyOf(context).isUncounted) {
      return true;
    }
    try {
      this.writes.count(user, request.method);
    } catch (error) {
      replyOf(context).headers(rateLimitHeaders([this.writes.limit(user, request.method)]));
      throw error;
    }
    return true;
  }
}
