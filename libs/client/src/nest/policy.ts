import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { checkedDemands, type Demands } from '../verifier/guard-request.js';
import { type Principal } from '../verifier/verifier.js';

const PUBLIC = 'latchkey:public';
const PERMISSIONS = 'latchkey:permissions';
const ROLES = 'latchkey:roles';

type PolicyDecorator = ClassDecorator & MethodDecorator;

/** Allows requests without credentials. */
export const Public = (): PolicyDecorator => SetMetadata(PUBLIC, true);

/** Requires a valid token, and no permission. */
export const Authenticated = (): PolicyDecorator => RequirePermissions();

/** Requires a token with all of these permissions. */
export const RequirePermissions = (...permissions: string[]): PolicyDecorator =>
  applyDecorators(SetMetadata(PERMISSIONS, checkedDemands({ permissions }).permissions));

/** Requires a token with all of these roles. */
export const RequireRoles = (...roles: string[]): PolicyDecorator =>
  applyDecorators(SetMetadata(ROLES, roles));

/** Request with the principal of its token. */
export interface RequestWithPrincipal {
  principal?: Principal;
}

/** Injects the {@link Principal}; `undefined` on public routes. */
export const CurrentPrincipal: () => ParameterDecorator = createParamDecorator(
  (_: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<RequestWithPrincipal>().principal,
);

/**
 * Reads the policy of a route. A method with a decorator of its own does not inherit those of its class.
 *
 * @returns `undefined` if there is none.
 */
export function policyOf(context: ExecutionContext): 'public' | Demands | undefined {
  const handler = context.getHandler();
  const isStated = [PUBLIC, PERMISSIONS, ROLES].some((key) => Reflect.hasMetadata(key, handler));
  const target = isStated ? handler : context.getClass();
  const permissions = Reflect.getMetadata(PERMISSIONS, target) as string[] | undefined;
  const roles = Reflect.getMetadata(ROLES, target) as string[] | undefined;
  if (permissions ?? roles) {
    return { permissions, roles };
  }
  return Reflect.getMetadata(PUBLIC, target) === true ? 'public' : undefined;
}
