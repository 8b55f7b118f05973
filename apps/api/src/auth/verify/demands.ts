import {
  API_NAME_PATTERN,
  apiOf,
  isPermission,
  PERMISSIONS_HEADER_MAX,
  ROLE_NAME_PATTERN,
} from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { FIELDS, type ResponseFields } from '../../common/request/header-fields.js';
import { type Principal } from '../../common/request/principal.js';

/** Holder of permissions and roles. */
type Grantee = Pick<Principal, 'id' | 'name' | 'roles' | 'permissions' | 'token'>;

/**
 * Permissions and roles that a token must have, and the API whose permissions the response has (`undefined` =
 * all).
 */
export interface Demands {
  readonly permissions: readonly string[];
  readonly roles: readonly string[];
  readonly api: string | undefined;
}

/** Demands of a request without a query. */
export const NO_DEMANDS: Demands = { permissions: [], roles: [], api: undefined };

/**
 * Maximum characters of all demands. A rejection repeats them in two header fields, and gateways limit the
 * size of the header.
 */
const DEMANDS_MAX = 1024;

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
  const { permission, role, api, ...others } = query as Record<string, string | string[]>;
  const demands = {
    permissions: [...new Set(valuesOf(permission))],
    roles: [...new Set(valuesOf(role))],
    api: valuesOf(api),
  };
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw invalid(`Unknown parameter ${unknown.slice(0, 64)}. Use permission, role or api.`);
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
  return { ...demands, api: demands.api[0] };
}

/** @throws ApplicationError `insufficient_scope` unless the token has all permissions and roles. */
export function checkDemands(demands: Demands, principal: Principal): void {
  if (meetsDemands(demands, principal)) {
    return;
  }
  const { permissions, roles } = demands;
  const missingPermissions = permissions.filter((permission) => !principal.permissions.has(permission));
  const missingRoles = roles.filter((role) => !principal.roles.includes(role));
  throw new ApplicationError('insufficient_scope', {
    detail: `The token does not have ${[...missingPermissions, ...missingRoles].join(', ')}.`,
    requiredPermissions: permissions,
    missingPermissions,
    missingRoles,
  });
}

/** Whether a token has all demanded permissions and roles. */
export function meetsDemands(demands: Demands, { permissions, roles }: Grantee): boolean {
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
