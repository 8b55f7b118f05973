import { type Operation } from '../../served/operations/documented-api.js';
import { type Column } from './columns.js';

/** What an operation takes to act on what belongs to another, where it needs no permission for one's own. */
const ON_ANOTHERS: Partial<Record<string, string>> = {
  'GET /tokens/{id}': 'tokens:read',
  'GET /tokens/{id}/usage': 'tokens:read',
  'PATCH /tokens/{id}': 'tokens:write',
  'DELETE /tokens/{id}': 'tokens:write',
  'POST /tokens/{id}/rotate': 'tokens:write',
  'POST /tokens/bulk': 'tokens:write',
};

/** What nobody does to whom holds more than they do. */
const BELOW_THE_CEILING = new Set([
  'PATCH /users/{name}',
  'DELETE /users/{name}',
  'DELETE /users/{name}/throttle',
  'PUT /users/{name}/password',
  'POST /users/{name}/set-up-link',
  'POST /users/{name}/tokens',
  'POST /users/bulk',
  'POST /tokens/{id}/rotate',
]);

/** The status that a caller's request is answered with if it is otherwise valid; 200 stands for any success. */
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
  const onAnothers = ON_ANOTHERS[route];
  if (onAnothers && column.owner !== 'caller' && !column.holds(onAnothers)) {
    // Who does not see it is not told that it is there.
    return column.holds('tokens:read') ? 403 : 404;
  }
  return column.owner === 'administrator' && BELOW_THE_CEILING.has(route) ? 403 : 200;
}
