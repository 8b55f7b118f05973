import {
  applyDecorators,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
  type Type,
} from '@nestjs/common';
import { GUARDS_METADATA } from '@nestjs/common/constants.js';
import {
  ALLOW_SUPERSEDED_KEY,
  LIMITED_KEY,
  PERMISSIONS_KEY,
  PUBLIC_KEY,
  UNCOUNTED_KEY,
} from '../../common/request/policy.js';
import { RepresentedAs } from '../../http/negotiation/route-representation.js';

const FORWARD_AUTH_KEY = 'latchkey:forward-auth';

/**
 * Marks the route for forward auth. Gateways understand only 401, 403 and 503, and pass on the query of their clients. So
 * responses have no body, other errors become 401, and the query is not checked.
 */
export const ForwardAuth = (): MethodDecorator =>
  applyDecorators(
    SetMetadata(FORWARD_AUTH_KEY, true),
    RepresentedAs({ isBodyless: true, ignoresQuery: true }),
  );

/** Access rules of a route. */
export interface RoutePolicy {
  readonly isPublic: boolean;
  readonly isForwardAuth: boolean;
  /** Whether failed attempts are limited. */
  readonly isLimited: boolean;
  /** Guards that the route names. */
  readonly guards: readonly Type<CanActivate>[];
  /** Required permissions; `undefined` = the route has no policy and is closed. */
  readonly permissions: readonly string[] | undefined;
  /** Whether superseded secrets may call the route although it writes. */
  readonly allowsSuperseded: boolean;
  /** Whether calls do not count towards the write limit of the user. */
  readonly isUncounted: boolean;
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

/** Reads the policy of a controller method. */
export function readPolicy(controller: object, handler: object): RoutePolicy {
  // A method with a policy of its own does not inherit that of its class.
  const target = [PUBLIC_KEY, PERMISSIONS_KEY].some((key) => Reflect.hasMetadata(key, handler))
    ? handler
    : controller;
  const guards = [controller, handler].flatMap(
    (place) => (Reflect.getMetadata(GUARDS_METADATA, place) ?? []) as Type<CanActivate>[],
  );
  const permissions = Reflect.getMetadata(PERMISSIONS_KEY, target) as string[] | undefined;
  return {
    isPublic: permissions === undefined && Reflect.getMetadata(PUBLIC_KEY, target) === true,
    isForwardAuth: Reflect.getMetadata(FORWARD_AUTH_KEY, handler) === true,
    isLimited: Reflect.getMetadata(LIMITED_KEY, handler) === true,
    guards,
    permissions,
    allowsSuperseded: Reflect.getMetadata(ALLOW_SUPERSEDED_KEY, handler) === true,
    isUncounted: Reflect.getMetadata(UNCOUNTED_KEY, handler) === true,
  };
}
