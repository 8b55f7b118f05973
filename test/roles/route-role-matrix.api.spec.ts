import { beforeAll, describe, expect, it } from '@jest/globals';
import { FEATURES } from '../../apps/api/src/features.js';
import { entryOf, ROUTES, routesWith } from '../routes.js';
import { type Headers } from '../support/api-client.js';
import { newRole } from '../support/factories.js';
import { Fixtures, type Caller, type PreparedRequest } from '../support/routes/fixtures.js';
import { isChange, type Route } from '../support/routes/route.js';
import { findSecrets } from '../support/secrets.js';
import { useServer } from '../support/use-server.js';
import { type ApiDocument, DocumentedApi } from '../http/operations/documented-api.js';

/** Several hundred requests, each with users and resources of its own. */
const TIMEOUT = 180_000;

/** Permissions of a role that administers users and tokens only. */
const DELEGATED = ['users:read', 'users:write', 'tokens:read', 'tokens:write', 'tokens:introspect'];
const delegate = newRole({ permissions: DELEGATED });

/** A column of the matrix: a caller, and the owner of the resource. */
interface Column {
  title: string;
  role: string;
  holds: (permission: string) => boolean;
  owner: 'caller' | 'other' | 'administrator';
  /** Reason why the caller's credentials are invalid. */
  flaw?: 'missing' | 'expired' | 'disabled';
}

const nothing = () => false;
const everything = () => true;
const reads = (permission: string) => permission.endsWith(':read');
const delegated = (permission: string) => DELEGATED.includes(permission);

const COLUMNS: readonly Column[] = [
  { title: 'a client without credentials', role: 'user', holds: nothing, owner: 'other', flaw: 'missing' },
  {
    title: 'an admin with an expired token',
    role: 'admin',
    holds: everything,
    owner: 'other',
    flaw: 'expired',
  },
  { title: 'a disabled admin', role: 'admin', holds: everything, owner: 'other', flaw: 'disabled' },
  { title: 'a user, on their own resources', role: 'user', holds: nothing, owner: 'caller' },
  { title: 'a user, on those of another user', role: 'user', holds: nothing, owner: 'other' },
  { title: 'an auditor, on those of another user', role: 'auditor', holds: reads, owner: 'other' },
  { title: 'a delegate, on those of another user', role: delegate.name, holds: delegated, owner: 'other' },
  {
    title: 'a delegate, on those of an administrator',
    role: delegate.name,
    holds: delegated,
    owner: 'administrator',
  },
  { title: 'an admin, on those of another user', role: 'admin', holds: everything, owner: 'other' },
];

/** Returns the expected status of an otherwise valid request; 200 stands for any success. */
function expectedStatus({ id, access, others, capped }: Route, { holds, owner, flaw }: Column): number {
  if (access === 'public') {
    return 200;
  }
  if (flaw) {
    return 401;
  }
  if (access.includes(':') && !holds(access)) {
    return 403;
  }
  if (others && owner !== 'caller' && !holds(others)) {
    // A caller that may not read the resource must not learn that it exists, unless it has its secret.
    return id === 'revokeSecret' || holds(others.replace(':write', ':read')) ? 403 : 404;
  }
  return owner === 'administrator' && capped ? 403 : 200;
}

const server = useServer({ features: FEATURES });
let fixtures: Fixtures;

/** Credentials of the callers with a flaw. */
const invalidCredentials: Partial<Record<string, Headers>> = { missing: {} };

async function createInvalidCredentials(): Promise<void> {
  const expired = await fixtures.newCaller({ roles: ['admin'] });
  const disabled = await fixtures.newCaller({ roles: ['admin'] });
  await server.database.execute(`UPDATE tokens SET "expirationTime" = 1 WHERE id = '${expired.session.id}'`);
  await fixtures.prepare('PATCH', `/users/${disabled.name}`, { enabled: false, version: 0 });
  Object.assign(invalidCredentials, { expired: expired.headers, disabled: disabled.headers });
}

/** Caller of a request, and the owner of the resources. */
interface Users {
  caller: Caller;
  owner: string;
}

async function createUsers({ role, owner }: Column): Promise<Users> {
  const caller = await fixtures.newCaller({ roles: [role] });
  if (owner === 'caller') {
    return { caller, owner: caller.name };
  }
  return {
    caller,
    owner: await fixtures.newUser({ roles: owner === 'administrator' ? ['admin'] : ['user'] }),
  };
}

/** Result of a cell of the matrix. */
interface Result {
  route: string;
  title: string;
  /** Status of the response; 200 stands for any success. */
  status: number;
  /** Kinds of secrets in header fields and body. */
  secrets: string[];
}

/** Request that cells without valid credentials share, because they are rejected and change nothing. */
type SharedRequest = () => Promise<PreparedRequest>;

async function runCell(
  route: string,
  column: Column,
  readers: Users,
  shared: SharedRequest,
): Promise<Result> {
  const invalid = invalidCredentials[column.flaw ?? ''];
  const entry = entryOf(route);
  // Rejected requests change nothing, so all of them share their users.
  const changes = !invalid && isChange(route) && expectedStatus(entry, column) === 200;
  const users = changes ? await createUsers(column) : readers;
  const isShared = invalid && entry.access !== 'public';
  const request = await (isShared ? shared() : fixtures.requestTo(route, invalid ? {} : users));
  const { 'X-Auth-Token': _, Authorization: __, Cookie: ___, ...fields } = request.headers;
  const isPublic = entry.access === 'public';
  const sent = invalid
    ? { ...fields, ...invalid }
    : { ...(isPublic && request.caller.headers), ...request.headers };
  const { status, body, headers, text } = await server.client.request<
    { results?: { status: number }[] } | undefined
  >(request.method, request.path, { headers: sent, body: request.body });
  // Bulk requests have a status for each item.
  const outcome = body?.results?.[0]?.status ?? status;
  return {
    route,
    title: `${route} by ${column.title}`,
    status: outcome >= 200 && outcome < 300 ? 200 : outcome,
    secrets: findSecrets([...headers.values(), text].join('\n')),
  };
}

// Covers B13 in docs/explanation/security.md.
describe('each operation by each caller', () => {
  const results: Result[] = [];

  beforeAll(async () => {
    fixtures = await Fixtures.on(server.client);
    await fixtures.prepare('POST', '/roles', delegate);
    await createInvalidCredentials();
    const readers = await Promise.all(COLUMNS.map(createUsers));
    for (const route of ROUTES.keys()) {
      let request: Promise<PreparedRequest> | undefined;
      const shared = () => (request ??= fixtures.requestTo(route));
      const cells = COLUMNS.map((column, index) => runCell(route, column, readers[index]!, shared));
      results.push(...(await Promise.all(cells)));
    }
  }, TIMEOUT);

  it('requires the permissions in test/routes.ts', async () => {
    const { body } = await server.client.request<ApiDocument>('GET', '/openapi.json');

    const required = [...new DocumentedApi(body).operations].map(([route, operation]) => {
      const permissions = operation['x-required-permissions'];
      return `${route}: ${permissions ? permissions.join() || 'token' : 'public'}`;
    });
    const expected = [...ROUTES].map(([route, { access }]) => `${route}: ${access.replace('own', 'token')}`);
    expect(required.sort()).toEqual(expected.sort());
  });

  it('returns the status of its policy', () => {
    const expected = [...ROUTES].flatMap(([route, entry]) =>
      COLUMNS.map((column) => `${route} by ${column.title}: ${expectedStatus(entry, column)}`),
    );

    expect(results.map(({ title, status }) => `${title}: ${status}`)).toEqual(expected);
  });

  // Covers B10 in docs/explanation/security.md.
  it('returns a token only from the routes that issue one, and no other secret', () => {
    // Examples in the OpenAPI document have the form of a token.
    const giving = results.filter(
      ({ route, secrets }) => secrets.length > 0 && route !== 'GET /openapi.json',
    );

    const routes = [...new Set(giving.map(({ route }) => route))];
    expect(routes.sort()).toEqual(routesWith(({ issuesToken }) => issuesToken));
    expect(giving.filter(({ status, secrets }) => status !== 200 || secrets.join() !== 'token')).toEqual([]);
  });
});
