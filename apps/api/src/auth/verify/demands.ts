import {
  API_NAME_PATTERN,
  apiOf,
  AUTH_METHODS,
  type AuthMethod,
  isPermission,
  PERMISSIONS_HEADER_MAX,
  ROLE_NAME_PATTERN,
} from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { type Clock, type EpochMilliseconds } from '../../common/clock.service.js';
import { FIELDS, type ResponseFields } from '../../common/request/header-fields.js';
import {
  type PresentedSession,
  type PresentedToken,
  type Principal,
} from '../../common/request/principal.js';
import { insufficientUserAuthentication } from '../../http/problems/challenge.js';

/** Holder of permissions and roles. */
type Grantee = Pick<Principal, 'id' | 'name' | 'roles' | 'permissions' | 'token'>;

/**
 * Permissions and roles that a token must have, the proof that its session must have, and the API whose
 * permissions the response has (`undefined` = all).
 */
export interface Demands {
  readonly permissions: readonly string[];
  readonly roles: readonly string[];
  readonly api: string | undefined;
  /** Maximum age of the last login or step-up, in seconds. */
  readonly fresh: number | undefined;
  /** Methods of which the session must have one; empty = any. */
  readonly methods: readonly AuthMethod[];
}

/** Demands of a request without a query. */
export const NO_DEMANDS: Demands = {
  permissions: [],
  roles: [],
  api: undefined,
  fresh: undefined,
  methods: [],
};

/**
 * Maximum characters of all demands. A rejection repeats them in two header fields, and gateways limit the
 * size of the header.
 */
const DEMANDS_MAX = 1024;

/** Maximum of `fresh`: 366 days. */
const FRESH_MAX = 31_622_400;
const SECONDS = /^[1-9]\d{0,7}$/;

/**
 * Cache of demands by parsed query. Gateways repeat a few queries, for which `parseQuery` returns the same
 * objects.
 */
const demandsByQuery = new WeakMap<object, Demands>();

/** Returns the demands of a query. @throws ApplicationError like {@link readDemands}. */
export function demandsOf(query: object): Demands {
  let demands = demandsByQuery.get(query);
  if (!demands) {
    demands = readDemands(query);
    demandsByQuery.set(query, demands);
  }
  return demands;
}

/**
 * Reads the demands of a query.
 *
 * @throws ApplicationError `forbidden` for any other parameter or value. Gateways turn 400 into 500, and
 *   ignoring a misspelt parameter would accept all users.
 */
function readDemands(query: object): Demands {
  const { permission, role, api, fresh, method, ...others } = query as Record<string, string | string[]>;
  const demands = {
    permissions: [...new Set(valuesOf(permission))],
    roles: [...new Set(valuesOf(role))],
    api: valuesOf(api),
    fresh: valuesOf(fresh),
    methods: valuesOf(method),
  };
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw invalid(`Unknown parameter ${unknown.slice(0, 64)}. Use permission, role, api, fresh or method.`);
  }
  if (!demands.permissions.every(isPermission)) {
    throw invalid('permission must have the form api:action, such as orders:read.');
  }
  if (!demands.roles.every((name) => ROLE_NAME_PATTERN.test(name))) {
    throw invalid('role must be the name of a role.');
  }
  if (demands.api.length > 1 || !demands.api.every((name) => API_NAME_PATTERN.test(name))) {
    throw invalid('api must be the name of one API.');
  }
  if ([...demands.permissions, ...demands.roles].join(' ').length > DEMANDS_MAX) {
    throw invalid(`All permissions and roles together may have at most ${DEMANDS_MAX} characters.`);
  }
  if (demands.fresh.length > 1 || !demands.fresh.every(isFreshTime)) {
    throw invalid(`fresh must be a whole number of seconds from 1 to ${FRESH_MAX}.`);
  }
  const methods = demands.methods.flatMap((value) => value.split(','));
  if (demands.methods.length > 1 || !methods.every(isAuthMethod)) {
    throw invalid(`method must be one or several of ${AUTH_METHODS.join(', ')}, separated by commas.`);
  }
  const [seconds] = demands.fresh;
  return {
    ...demands,
    api: demands.api[0],
    fresh: seconds === undefined ? undefined : Number(seconds),
    methods: [...new Set(methods)],
  };
}

function isFreshTime(text: string): boolean {
  return SECONDS.test(text) && Number(text) <= FRESH_MAX;
}

function isAuthMethod(name: string): name is AuthMethod {
  return (AUTH_METHODS as readonly string[]).includes(name);
}

/**
 * @throws ApplicationError `insufficient_scope` unless the token has all permissions and roles, and then
 *   `step_up_required` unless its session has the proof.
 */
export function checkDemands(demands: Demands, principal: Principal, clock: Pick<Clock, 'now'>): void {
  if (!meetsScope(demands, principal)) {
    throw insufficientScope(demands, principal);
  }
  if (!hasProof(demands, principal.token, clock)) {
    throw stepUpRequired(demands, principal.token);
  }
}

function insufficientScope({ permissions, roles }: Demands, principal: Principal): ApplicationError {
  const missingPermissions = permissions.filter((permission) => !principal.permissions.has(permission));
  const missingRoles = roles.filter((role) => !principal.roles.includes(role));
  return new ApplicationError('insufficient_scope', {
    detail: `The token does not have ${[...missingPermissions, ...missingRoles].join(', ')}.`,
    requiredPermissions: permissions,
    missingPermissions,
    missingRoles,
  });
}

/** Returns the rejection of a session without the demanded proof, or of an API token, which has none. */
function stepUpRequired({ fresh, methods }: Demands, token: PresentedToken | undefined): ApplicationError {
  const session = token?.session;
  let detail = `The last login or step-up of the session is older than ${fresh} seconds. Send POST /auth/step-up, and repeat the request.`;
  if (!session) {
    detail = 'API tokens prove no login. Log in, and use the token of the session.';
  } else if (!hasMethod(methods, session)) {
    detail = `The session was not proved with ${methods.join(' or ')}. Send POST /auth/step-up with it, or log in with it, and repeat the request.`;
  }
  return new ApplicationError('step_up_required', {
    detail,
    headers: { [FIELDS.wwwAuthenticate]: insufficientUserAuthentication(fresh) },
  });
}

/** Whether a token has all demanded permissions and roles, and its session the demanded proof. */
export function meetsDemands(demands: Demands, holder: Grantee, clock: Pick<Clock, 'now'>): boolean {
  return meetsScope(demands, holder) && hasProof(demands, holder.token, clock);
}

/**
 * Whether the session of a token has the demanded proof. The age is in whole seconds, because verifiers get
 * the time of the proof in seconds, and must decide alike.
 */
export function hasProof(
  { fresh, methods }: Demands,
  token: PresentedToken | undefined,
  clock: Pick<Clock, 'now'>,
): boolean {
  if (fresh === undefined && methods.length === 0) {
    return true;
  }
  const session = token?.session;
  return (
    session !== undefined &&
    hasMethod(methods, session) &&
    (fresh === undefined || toSeconds(clock.now()) - toSeconds(session.authTime) <= fresh)
  );
}

function hasMethod(methods: readonly AuthMethod[], { authMethods }: PresentedSession): boolean {
  return methods.length === 0 || methods.some((method) => authMethods.includes(method));
}

function toSeconds(time: EpochMilliseconds): number {
  return Math.floor(time / 1_000);
}

function meetsScope(demands: Demands, { permissions, roles }: Grantee): boolean {
  return (
    demands.permissions.every((permission) => permissions.has(permission)) &&
    demands.roles.every((role) => roles.includes(role))
  );
}

/** Sets the headers with the user, the roles and the permissions of a token. */
export function setIdentityHeaders(
  reply: ResponseFields,
  { name, id, roles, permissions, token }: Grantee,
  { api }: Demands,
): void {
  reply.header(FIELDS.xAuthUser, encodeURIComponent(name));
  reply.header(FIELDS.xAuthUserId, id);
  reply.header(FIELDS.xAuthRoles, roles.join(','));
  reply.header(FIELDS.xAuthTokenId, token?.id);
  const shown = permissionsHeader(permissions, api);
  if (shown !== null) {
    reply.header(FIELDS.xAuthPermissions, shown);
  }
  const metadata = token?.useLimits?.metadataHeader;
  if (metadata !== undefined) {
    reply.header(FIELDS.xAuthMetadata, metadata);
  }
  if (token?.session) {
    reply.header(FIELDS.xAuthMethods, token.session.authMethods.join(','));
  }
}

/** Cache of headers by API, for each set of permissions that many requests share. */
const headers = new WeakMap<ReadonlySet<string>, Map<string | undefined, string | null>>();

/**
 * Returns the header with the permissions of an API, or with all permissions; `null` if it would be too long.
 */
function permissionsHeader(permissions: ReadonlySet<string>, api: string | undefined): string | null {
  let byApi = headers.get(permissions);
  if (!byApi) {
    byApi = new Map<string | undefined, string | null>();
    headers.set(permissions, byApi);
  }
  let header = byApi.get(api);
  if (header === undefined) {
    const text = [...permissions]
      .filter((permission) => api === undefined || apiOf(permission) === api)
      .sort()
      .join(' ');
    header = text.length > PERMISSIONS_HEADER_MAX ? null : text;
    // Callers choose the names of APIs.
    if (byApi.size < API_HEADERS_MAX) {
      byApi.set(api, header);
    }
  }
  return header;
}

/** Maximum number of cached headers of one set of permissions. */
const API_HEADERS_MAX = 100;

function valuesOf(value: string | string[] | undefined): string[] {
  return [value ?? []].flat();
}

function invalid(detail: string): ApplicationError {
  return new ApplicationError('forbidden', { detail, rejectionCause: 'invalid_query' });
}
