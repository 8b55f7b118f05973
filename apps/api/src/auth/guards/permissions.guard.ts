import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ApplicationError } from '../../common/application-error.js';
import { requestOf } from '../../common/http-context.js';
import { principalOf, setPrincipal } from '../../common/principal.js';
import { routePolicyOf } from './route-policy.js';

/** May you? The second global guard: every permission the route names is needed; no policy closes a route. */
@Injectable()
export class PermissionsGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { isPublic, permissions, refusesSuperseded } = routePolicyOf(context);
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
    if (refusesSuperseded && principal.token?.isSuperseded) {
      throw new ApplicationError('token_superseded');
    }
    if (permissions.length > 0) {
      setPrincipal(request, { ...principal, demanded: permissions });
    }
    return true;
  }
}
