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

/** Several hundred requests, of which many have users and resources of their own. */
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

async function newOwner({ owner }: Column, caller: Caller): Promise<string> {
  return owner === 'caller'
    ? caller.name
    : fixtures.newUser({ roles: owner === 'administrator' ? ['admin'] : ['user'] });
}

async function createUsers(column: Column): Promise<Users> {
  const caller = await fixtures.newCaller({ roles: [column.role] });
  return { caller, owner: await newOwner(column, caller) };
}

/** Response to the request of a cell. */
interface Outcome {
  /** Status of the response; 200 stands for any success. */
  status: number;
  /** Kinds of secrets in header fields and body. */
  secrets: string[];
}

/** Result of a cell of the matrix. */
interface Result extends Outcome {
  route: string;
  title: string;
}

/** Returns the request of a cell that is rejected or only reads. Cells with equal owners share it. */
type SharedRequest = (kind: Column['owner'], owner: string) => Promise<PreparedRequest>;

async function prepareCell(
  route: string,
  column: Column,
  { caller, owner }: Users,
  shared: SharedRequest,
): Promise<PreparedRequest> {
  const { access } = entryOf(route);
  const changes = isChange(route) && expectedStatus(entryOf(route), column) === 200;
  if (access === 'own' && !column.flaw) {
    return fixtures.requestTo(route, {
      caller: changes ? await fixtures.newCaller({ roles: [column.role] }) : caller,
    });
  }
  if (!changes) {
    return shared(column.owner, owner);
  }
  // Public routes change the owner. Without one, their fixtures create it.
  const owners = access === 'public' ? {} : { owner: await newOwner(column, caller) };
  return fixtures.requestTo(route, { caller, ...owners });
}

async function runCell(route: string, column: Column, users: Users, shared: SharedRequest): Promise<Outcome> {
  const request = await prepareCell(route, column, users, shared);
  const { 'X-Auth-Token': _, Authorization: __, Cookie: ___, ...fields } = request.headers;
  const own = entryOf(route).access === 'own' ? request.headers : users.caller.headers;
  const credentials = invalidCredentials[column.flaw ?? ''] ?? own;
  const { status, body, headers, text } = await server.client.request<
    { results?: { status: number }[] } | undefined
  >(request.method, request.path, { headers: { ...fields, ...credentials }, body: request.body });
  // Bulk requests have a status for each item.
  const outcome = body?.results?.[0]?.status ?? status;
  return {
    status: outcome >= 200 && outcome < 300 ? 200 : outcome,
    secrets: findSecrets([...headers.values(), text].join('\n')),
  };
}

/** Returns the outcomes of a route, in the order of the columns. */
async function runRow(route: string, readers: readonly Users[]): Promise<Outcome[]> {
  const requests = new Map<string, Promise<PreparedRequest>>();
  const shared: SharedRequest = (kind, owner) =>
    once(requests, kind, () => fixtures.requestTo(route, { owner }));
  const outcomes = new Map<string, Promise<Outcome>>();
  const hasOwner = !['own', 'public'].includes(entryOf(route).access);
  return Promise.all(
    COLUMNS.map((column, index) => {
      const key = hasOwner ? column.title : `${column.role} ${column.flaw}`;
      return once(outcomes, key, () => runCell(route, column, readers[index]!, shared));
    }),
  );
}

/** Returns the value of a key. Creates it on first use. */
function once<Value>(values: Map<string, Value>, key: string, create: () => Value): Value {
  const value = values.get(key) ?? create();
  values.set(key, value);
  return value;
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
      const outcomes = await runRow(route, readers);
      results.push(
        ...outcomes.map((outcome, index) => ({
          ...outcome,
          route,
          title: `${route} by ${COLUMNS[index]!.title}`,
        })),
      );
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
