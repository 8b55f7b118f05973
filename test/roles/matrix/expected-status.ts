import { type Operation } from '../../http/operations/documented-api.js';
import { type Column } from './columns.js';

/** Permissions that operations require for tokens of others, but not for the caller's own. */
const FOR_TOKENS_OF_OTHERS: Partial<Record<string, string>> = {
  'GET /tokens/{id}': 'tokens:read',
  'GET /tokens/{id}/usage': 'tokens:read',
  'PATCH /tokens/{id}': 'tokens:write',
  'DELETE /tokens/{id}': 'tokens:write',
  'DELETE /tokens/{id}/superseded': 'tokens:write',
  'POST /tokens/{id}/rotate': 'tokens:write',
  'POST /tokens/bulk': 'tokens:write',
};

/** Operations that are forbidden on users with more permissions than the caller. */
const CAPPED = new Set([
  'PATCH /users/{name}',
  'DELETE /users/{name}',
  'DELETE /users/{name}/throttle',
  'PUT /users/{name}/password',
  'POST /users/{name}/set-up-link',
  'POST /users/{name}/offers',
  'POST /users/{name}/tokens',
  'POST /users/bulk',
  'POST /tokens/{id}/rotate',
  'POST /offers/{id}/approve',
]);

/** Returns the expected status of an otherwise valid request; 200 stands for any success. */
export function expectedStatus(route: string, operation: Operation, column: Column): number {
  const needed = operation['x-required-permissions'];
  if (needed === undefined) {
    return 200;
  }
  if (column.roles === undefined || column.flaw) {
    return 401;
  }
  if (!needed.every(column.holds)) {
    return 403;
  }
  const forOthers = FOR_TOKENS_OF_OTHERS[route];
  if (forOthers && column.owner !== 'caller' && !column.holds(forOthers)) {
    // A caller that may not read the token must not learn that it exists.
    return column.holds('tokens:read') ? 403 : 404;
  }
  if (route === 'GET /explanations/{traceId}' && column.owner !== 'caller' && !column.holds('audit:read')) {
    return 404;
  }
  return column.owner === 'administrator' && CAPPED.has(route) ? 403 : 200;
}
