import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { checkedDemands, type Demands } from '../verifier/guard-request.js';
import { type ProofDemands } from '../verifier/proof.js';
import { type Principal } from '../verifier/verifier.js';

const PUBLIC = 'latchkey:public';
const AUTHENTICATED = 'latchkey:authenticated';
const PERMISSIONS = 'latchkey:permissions';
const ROLES = 'latchkey:roles';
const PROOF = 'latchkey:proof';

type PolicyDecorator = ClassDecorator & MethodDecorator;

/** Allows requests without credentials. */
export const Public = (): PolicyDecorator => SetMetadata(PUBLIC, true);

/**
 * Requires a valid token. Other decorators of the same method or class still require permissions,
 * roles and a proof.
 */
export const Authenticated = (): PolicyDecorator => SetMetadata(AUTHENTICATED, true);

/**
 * Requires a token with all of these permissions, in addition to those of other decorators of the same method
 * or class.
 */
export const RequirePermissions = (...permissions: string[]): PolicyDecorator =>
  addMetadata(PERMISSIONS, checkedDemands({ permissions }).permissions);

/**
 * Requires a token with all of these roles, in addition to those of other decorators of the same method or
 * class.
 */
export const RequireRoles = (...roles: string[]): PolicyDecorator =>
  addMetadata(ROLES, checkedDemands({ roles }).roles);

/**
 * Requires a session with a recent login or step-up, or with one of these methods. API tokens never meet it.
 *
 * ```ts
 * @RequireProof({ fresh: 300, methods: ['otp', 'passkey'] })
 * ```
 */
export const RequireProof = (proof: ProofDemands): PolicyDecorator => {
  const { fresh, methods, ...others } = checkedDemands(proof);
  if ((fresh === undefined && methods === undefined) || Object.keys(others).length > 0) {
    throw new TypeError('RequireProof takes "fresh", "methods" or both.');
  }
  return SetMetadata(PROOF, proof);
};

/** Adds values to those of other decorators, which {@link SetMetadata} would replace. */
function addMetadata(key: string, values: readonly string[] = []): PolicyDecorator {
  return (target: object, _?: string | symbol, descriptor?: PropertyDescriptor) => {
    const subject = (descriptor?.value ?? target) as object;
    const others = (Reflect.getOwnMetadata(key, subject) ?? []) as string[];
    Reflect.defineMetadata(key, [...others, ...values], subject);
  };
}

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
 * Reads the policy of a route. Permissions of a method replace those of its class, as do roles, and each
 * member of a proof. A method with only one of them inherits the others. `Public` or `Authenticated` alone
 * replace all.
 *
 * @returns `undefined` if there is none.
 */
export function policyOf(context: ExecutionContext): 'public' | Demands | undefined {
  const handler = context.getHandler();
  const type = context.getClass();
  const own = demandsOf(handler);
  if (own) {
    return { ...demandsOf(type), ...own };
  }
  const target = [PUBLIC, AUTHENTICATED].some((key) => Reflect.hasMetadata(key, handler)) ? handler : type;
  const demands = demandsOf(target) ?? (Reflect.hasMetadata(AUTHENTICATED, target) ? {} : undefined);
  return demands ?? (Reflect.hasMetadata(PUBLIC, target) ? 'public' : undefined);
}

/** Returns the demands that decorators of a method or class require; `undefined` if none does. */
function demandsOf(target: object): Demands | undefined {
  const permissions = Reflect.getMetadata(PERMISSIONS, target) as string[] | undefined;
  const roles = Reflect.getMetadata(ROLES, target) as string[] | undefined;
  const proof = Reflect.getMetadata(PROOF, target) as ProofDemands | undefined;
  return permissions || roles || proof
    ? { ...(permissions && { permissions }), ...(roles && { roles }), ...proof }
    : undefined;
}
