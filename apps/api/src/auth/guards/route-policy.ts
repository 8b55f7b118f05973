import { type CanActivate, type ExecutionContext, type Type } from '@nestjs/common';
import { GUARDS_METADATA } from '@nestjs/common/constants.js';
import { SetMetadata } from '@nestjs/common';
import {
  ALLOW_SUPERSEDED_KEY,
  LIMITED_KEY,
  PERMISSIONS_KEY,
  PUBLIC_KEY,
  UNCOUNTED_KEY,
} from '../../common/request/policy.js';

const FORWARD_AUTH_KEY = 'latchkey:forward-auth';

/** Marks the route that gateways ask: it never answers 400, and its query is the gateway's business. */
export const ForwardAuth = (): MethodDecorator => SetMetadata(FORWARD_AUTH_KEY, true);

/** What a route says of who may call it. */
export interface RoutePolicy {
  readonly isPublic: boolean;
  readonly isForwardAuth: boolean;
  /** Whether failed tries are limited. */
  readonly isLimited: boolean;
  /** Guard classes that the route names itself. */
  readonly guards: readonly Type<CanActivate>[];
  /** Permissions needed; `undefined` = the route has no policy, and nobody may call it. */
  readonly permissions: readonly string[] | undefined;
  /** Whether a superseded secret may call the route although it writes. */
  readonly allowsSuperseded: boolean;
  /** Whether the route is left out of the limit on its user's writes. */
  readonly isUncounted: boolean;
}

const policies = new WeakMap<object, RoutePolicy>();

/** The policy of the route that is being called. */
export function routePolicyOf(context: ExecutionContext): RoutePolicy {
  const handler = context.getHandler();
  let policy = policies.get(handler);
  if (!policy) {
    policy = readPolicy(context.getClass(), handler);
    policies.set(handler, policy);
  }
  return policy;
}

/** Reads what a controller's method, or else its class, says of who may call it. */
export function readPolicy(controller: object, handler: object): RoutePolicy {
  // A method that says anything of its own is not opened by its class.
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
