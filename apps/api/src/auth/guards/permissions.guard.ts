import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ApplicationError } from '../../common/application-error.js';
import { requestOf } from '../../common/request/http-context.js';
import { principalOf, setPrincipal } from '../../common/request/principal.js';
import { routePolicyOf } from './route-policy.js';

/** Methods that write nothing (RFC 9110, section 9.2.1). */
export const SAFE_METHODS: readonly string[] = ['GET', 'HEAD'];

/**
 * May you? The second global guard: every permission the route names is needed; no policy closes a route. Superseded
 * secrets may read, and write only where the route allows it.
 */
@Injectable()
export class PermissionsGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { isPublic, permissions, allowsSuperseded } = routePolicyOf(context);
    if (isPublic) {
      return true;
    }
    if (!permissions) {
      throw new ApplicationError('forbidden', {
        detail: 'This route states no policy, so it is closed to everybody.',
      });
    }
    const request = requestOf(context);
    const principal = principalOf(request);
    const missing = permissions.filter((permission) => !principal?.permissions.has(permission));
    if (!principal || missing.length > 0) {
      throw new ApplicationError('forbidden', { detail: `This needs ${missing.join(', ')}.` });
    }
    if (principal.token?.isSuperseded && !allowsSuperseded && !SAFE_METHODS.includes(request.method)) {
      throw new ApplicationError('token_superseded');
    }
    if (permissions.length > 0) {
      setPrincipal(request, { ...principal, demanded: permissions });
    }
    return true;
  }
}
