import { type IncomingHttpHeaders } from 'node:http';
import { type Socket } from 'node:net';
import { rejectRepeated } from './credentials.js';
import { checkProofDemands, hasProof, type ProofDemands } from './proof.js';
import { stepUpRequired, VerificationError } from './verification-error.js';
import {
  canonicalAddress,
  type Origin,
  type Principal,
  reportRejection,
  requireScope,
  type Verifier,
} from './verifier.js';

/** Permissions, roles and proof that a route requires. */
export interface Demands extends ProofDemands {
  readonly permissions?: readonly string[];
  readonly roles?: readonly string[];
}

/** Request of a framework. */
interface GuardedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly socket: Pick<Socket, 'remoteAddress'>;
  /** Address of the client, as the framework sees it. */
  readonly address: string | undefined;
  readonly method?: string | undefined;
  /** Pattern of the route, such as `/orders/:id`, or the path if no route is known. */
  readonly route?: string | undefined;
}

/** Header fields in which proxies name their client or themselves. */
export const FORWARDING_HEADERS = [
  'x-forwarded-for',
  'forwarded',
  'x-real-ip',
  'x-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'via',
];

/** Verifies the credentials of a request. @throws VerificationError unless they are valid and sufficient. */
export async function authenticate(
  verifier: Verifier,
  request: GuardedRequest,
  { permissions = [], roles = [], ...proof }: Demands,
): Promise<Principal> {
  const { headers, rawHeaders } = request;
  const origin = originOf(request);
  try {
    rejectRepeated(rawHeaders);
  } catch (error) {
    throw error instanceof VerificationError ? verifier.rejection(error, headers, origin) : error;
  }
  return verifier.verify(headers, { permissions, roles, ...proof, ...origin });
}

/** Request of Express, with the members that describe its route. */
export interface RoutedRequest {
  readonly url?: string | undefined;
  /** Path at which the router is mounted. */
  readonly baseUrl?: string;
  readonly route?: { readonly path?: unknown };
}

/** Returns the route of an Express request; its path in middleware, where the route is not known. */
export function routeOf({ url = '', baseUrl = '', route }: RoutedRequest): string {
  const path = route?.path;
  return baseUrl + (typeof path === 'string' ? path : (url.split('?', 1)[0] ?? ''));
}

function originOf(request: GuardedRequest): Origin {
  const { headers, method, route } = request;
  return {
    address: certainAddress(request),
    agent: headers['user-agent'],
    traceId: headers['x-request-id'] as string | undefined,
    method,
    route,
  };
}

/**
 * Returns the address of the client; `undefined` if a proxy forwards the request, and the framework does not
 * trust it. Tokens that are limited to addresses could otherwise be used by all clients of a proxy that is at
 * one of them.
 */
function certainAddress({ headers, socket, address = '' }: GuardedRequest): string | undefined {
  const client = canonicalAddress(address);
  if (!FORWARDING_HEADERS.some((name) => headers[name] !== undefined)) {
    return client;
  }
  const { remoteAddress = '' } = socket;
  return address === remoteAddress || client === canonicalAddress(remoteAddress) ? undefined : client;
}

/**
 * Checks a principal that was verified earlier in the same request. If its session lacks the required proof,
 * it is verified again, because a step-up may be newer.
 *
 * @throws VerificationError `insufficient_scope`, `step_up_required`, or those of {@link authenticate}.
 */
export async function authorize(
  verifier: Verifier,
  principal: Principal,
  request: GuardedRequest,
  demands: Demands,
): Promise<Principal> {
  const { permissions = [], roles = [] } = demands;
  const origin = originOf(request);
  requireScope(principal, permissions, roles, origin);
  if (hasProof(principal, demands, Date.now())) {
    return principal;
  }
  if (principal.authTime === undefined) {
    throw reportRejection(principal, stepUpRequired(principal, demands), origin);
  }
  return authenticate(verifier, request, demands);
}

const PERMISSION = /^[a-z][a-z0-9-]{0,63}:[a-z][a-z0-9-]{0,63}$/;

/**
 * Returns the demands of a route, checked where it is defined. Otherwise a misspelt member would accept every
 * valid token.
 *
 * @throws TypeError if they are invalid.
 */
export function checkedDemands(demands: Demands): Demands {
  // Other objects, such as a Set, have no members, and would require nothing.
  if (Object.prototype.toString.call(demands) !== '[object Object]') {
    throw new TypeError('The requirements are not an object. Use {} if only a valid token is required.');
  }
  for (const [name, values] of Object.entries(demands) as [string, unknown][]) {
    if (name === 'fresh' || name === 'methods') {
      continue;
    }
    // A member that is undefined is often a misspelt constant.
    if (!['permissions', 'roles'].includes(name) || !Array.isArray(values)) {
      throw new TypeError(
        `The requirement "${name}" is invalid. Use "permissions", "roles" or "methods" with an array, or "fresh".`,
      );
    }
  }
  checkProofDemands(demands);
  for (const permission of demands.permissions ?? []) {
    if (typeof permission !== 'string' || !PERMISSION.test(permission)) {
      throw new TypeError(
        `"${String(permission)}" is not a permission. Use the form api:action, such as reports:read.`,
      );
    }
  }
  for (const role of demands.roles ?? []) {
    if (typeof role !== 'string' || role === '') {
      throw new TypeError(`"${String(role)}" is not a role.`);
    }
  }
  return demands;
}
