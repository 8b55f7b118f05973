import {
  applyDecorators,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
  type Type,
} from '@nestjs/common';
import { GUARDS_METADATA } from '@nestjs/common/constants.js';
import { ApiExtension, ApiTooManyRequestsResponse } from '@nestjs/swagger';
import { isPermission } from '@latchkey/auth-models';

const PUBLIC_KEY = 'latchkey:public';
const PERMISSIONS_KEY = 'latchkey:permissions';
const OPERATOR_KEY = 'latchkey:operator';
const OWN_ACCOUNT_KEY = 'latchkey:own-account';
const ALLOW_SUPERSEDED_KEY = 'latchkey:allow-superseded';
const UNCOUNTED_KEY = 'latchkey:uncounted';
const COUNTED_KEY = 'latchkey:counted';
const LIMITED_KEY = 'latchkey:limited';
const FORWARD_AUTH_KEY = 'latchkey:forward-auth';
const OAUTH_KEY = 'latchkey:oauth';
const FRESH_KEY = 'latchkey:fresh';
const ENROLMENT_KEY = 'latchkey:enrolment';

/** Marks an operation with {@link Uncounted} until the OpenAPI document is completed, which removes it. */
export const UNCOUNTED_EXTENSION = 'x-latchkey-uncounted';

/** Methods that change nothing (RFC 9110, section 9.2.1). */
export const SAFE_METHODS: readonly string[] = ['GET', 'HEAD'];

/** Allows requests without credentials. */
export const Public = (): ClassDecorator & MethodDecorator => SetMetadata(PUBLIC_KEY, true);

/**
 * Requires all of these permissions; without any, an authenticated caller. A route with neither this nor
 * {@link Public} returns 403.
 */
export function RequirePermissions(...permissions: string[]): ClassDecorator & MethodDecorator {
  const malformed = permissions.find((permission) => !isPermission(permission));
  if (malformed !== undefined) {
    throw new TypeError(`"${malformed}" is not a permission; the form is api:action, such as reports:read`);
  }
  return applyDecorators(
    SetMetadata(PERMISSIONS_KEY, permissions),
    ApiExtension('x-required-permissions', permissions),
  );
}

/**
 * Requires the command line. No token or role gives access. On a class, methods cannot remove the
 * requirement.
 */
export const RequireOperator = (): ClassDecorator & MethodDecorator =>
  applyDecorators(RequirePermissions(), SetMetadata(OPERATOR_KEY, true));

/**
 * Requires an authenticated user, for routes about the account or the token of the caller. The command line
 * has neither.
 */
export const RequireOwnAccount = (): ClassDecorator & MethodDecorator =>
  applyDecorators(RequirePermissions(), SetMetadata(OWN_ACCOUNT_KEY, true));

/**
 * Requires a fresh proof of who the user is, so that a session left open is not enough: its last login or
 * step-up is at most `LATCHKEY_FRESH_SECONDS` ago. API tokens are governed by their permissions instead.
 */
export const RequireFresh = (): ClassDecorator & MethodDecorator =>
  applyDecorators(SetMetadata(FRESH_KEY, true), ApiExtension('x-requires-step-up', true));

/** Allows sessions of users who must still add, or prove, a second factor. Other routes reject them. */
export const AllowEnrolment = (): ClassDecorator & MethodDecorator => SetMetadata(ENROLMENT_KEY, true);

/**
 * Allows superseded secrets on a route that writes. Otherwise they may only read, so that a leaked secret
 * cannot create credentials that outlive its grace period. Meant for revocations, and for reads that use
 * POST.
 */
export const AllowSuperseded = (): MethodDecorator => SetMetadata(ALLOW_SUPERSEDED_KEY, true);

/**
 * Excludes a route from the write limit of the user, so that users can still revoke tokens after reaching it.
 * Only for routes that add no rows, or at most one for each row that an earlier, counted request added.
 */
export const Uncounted = (): MethodDecorator =>
  applyDecorators(SetMetadata(UNCOUNTED_KEY, true), ApiExtension(UNCOUNTED_EXTENSION, true));

/**
 * Counts a read towards the write limit of the user, like a write. For reads that are as expensive as writes.
 */
export const Counted = (): MethodDecorator => SetMetadata(COUNTED_KEY, true);

/**
 * Marks a route with a limit on failed attempts and adds rate-limit headers. The route counts the failures
 * itself.
 */
export const Limited = (): MethodDecorator =>
  applyDecorators(
    SetMetadata(LIMITED_KEY, true),
    ApiTooManyRequestsResponse({
      description: 'Too many failed attempts. `Retry-After` states when to try again.',
    }),
  );

/**
 * Marks a route for gateways, which pass on the query of their clients: credentials in it are not rejected.
 */
export const ForwardAuth = (): MethodDecorator => SetMetadata(FORWARD_AUTH_KEY, true);

/** Accepts the client authentication of OAuth as well (RFC 6749, section 2.3.1). */
export const OAuthClients = (): MethodDecorator => SetMetadata(OAUTH_KEY, true);

/** Access rules of a route. */
export interface RoutePolicy {
  readonly isPublic: boolean;
  readonly isForwardAuth: boolean;
  /** Whether the client authentication of OAuth is accepted. */
  readonly isForOAuth: boolean;
  /** Whether failed attempts are limited. */
  readonly isLimited: boolean;
  /** Guards that the route names. */
  readonly guards: readonly Type<CanActivate>[];
  /** Required permissions; `undefined` = the route has no policy and is closed. */
  readonly permissions: readonly string[] | undefined;
  /** Whether only the command line may call the route. */
  readonly isForOperator: boolean;
  /** Whether the route is about the account or the token of the caller. */
  readonly isForOwnAccount: boolean;
  /** Whether sessions need a fresh proof of who the user is. */
  readonly requiresFresh: boolean;
  /** Whether sessions that still need a second factor may call the route. */
  readonly allowsEnrolment: boolean;
  /** Whether superseded secrets may call the route although it writes. */
  readonly allowsSuperseded: boolean;
  /** Whether calls do not count towards the write limit of the user. */
  readonly isUncounted: boolean;
  /** Whether calls count towards the write limit although they only read. */
  readonly isCounted: boolean;
}

const policies = new WeakMap<object, RoutePolicy>();

/** Returns the policy of the called route. */
export function routePolicyOf(context: ExecutionContext): RoutePolicy {
  const handler = context.getHandler();
  let policy = policies.get(handler);
  if (!policy) {
    policy = readPolicy(context.getClass(), handler);
    policies.set(handler, policy);
  }
  return policy;
}

export function readPolicy(controller: object, handler: object): RoutePolicy {
  // A method with a policy of its own does not inherit that of its class.
  const target = [PUBLIC_KEY, PERMISSIONS_KEY].some((key) => Reflect.hasMetadata(key, handler))
    ? handler
    : controller;
  const guards = [controller, handler].flatMap(
    (place) => (Reflect.getMetadata(GUARDS_METADATA, place) ?? []) as Type<CanActivate>[],
  );
  const permissions = Reflect.getMetadata(PERMISSIONS_KEY, target) as string[] | undefined;
  const isMarked = (key: string) => [controller, handler].some((place) => Reflect.hasMetadata(key, place));
  const isForOperator = isMarked(OPERATOR_KEY);
  return {
    isPublic: !isForOperator && permissions === undefined && Reflect.getMetadata(PUBLIC_KEY, target) === true,
    isForwardAuth: Reflect.getMetadata(FORWARD_AUTH_KEY, handler) === true,
    isForOAuth: Reflect.getMetadata(OAUTH_KEY, handler) === true,
    isLimited: Reflect.getMetadata(LIMITED_KEY, handler) === true,
    guards,
    permissions,
    isForOperator,
    isForOwnAccount: isMarked(OWN_ACCOUNT_KEY),
    requiresFresh: isMarked(FRESH_KEY),
    allowsEnrolment: isMarked(ENROLMENT_KEY),
    allowsSuperseded: Reflect.getMetadata(ALLOW_SUPERSEDED_KEY, handler) === true,
    isUncounted: Reflect.getMetadata(UNCOUNTED_KEY, handler) === true,
    isCounted: Reflect.getMetadata(COUNTED_KEY, handler) === true,
  };
}
