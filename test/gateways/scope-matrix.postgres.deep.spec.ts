import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type CreateTokenDto } from '@latchkey/auth-models';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { describeIfInstalled } from '../support/external-programs.js';
import { PASSWORD } from '../support/factories.js';
import { type RawResponse } from '../support/raw-http.js';
import { ServerProcess } from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';
import { echoed } from './echoing-api.js';
import { PROXIES, protecting, type Change } from './guarding-proxies.js';
import { fewAtATime, lineOf, sendTo } from './send-to.js';
import { useGuardedApi } from './use-guarded-api.js';

/** Expected permissions and roles of a token, written by hand; `null` = the token is not valid. */
type Conveyed = { permissions: string[]; roles: string[] } | null;

interface Presented {
  lines: string[];
  conveys: Conveyed;
  /** Appended to the path by the client. */
  query?: string;
}

/** Permissions and roles that a route requires; `null` = its query has a misspelt parameter. */
interface Route {
  method: string;
  path: string;
  demands: { permissions: string[]; roles: string[] } | null;
}

const READ = 'drafts:read';
const WRITE = 'drafts:write';
const PAPERS = 'papers:read';
const EVERYTHING = { permissions: [READ, WRITE, PAPERS], roles: ['editor', 'librarian'] };

const demanding = (permissions: string[], roles: string[] = []) => ({ permissions, roles });

const ROUTES: Route[] = [
  { method: 'GET', path: 'hello', demands: demanding([]) },
  // The path of the recipes, which depends on the method.
  { method: 'GET', path: 'drafts', demands: demanding([READ]) },
  { method: 'HEAD', path: 'drafts', demands: demanding([READ]) },
  { method: 'POST', path: 'drafts', demands: demanding([WRITE]) },
  { method: 'DELETE', path: 'drafts', demands: demanding([WRITE]) },
  { method: 'GET', path: 'papers', demands: demanding([PAPERS]) },
  { method: 'GET', path: 'two', demands: demanding([READ, WRITE]) },
  { method: 'GET', path: 'apart', demands: demanding([READ, PAPERS]) },
  { method: 'GET', path: 'role', demands: demanding([], ['editor']) },
  { method: 'GET', path: 'duo', demands: demanding([], ['editor', 'librarian']) },
  { method: 'GET', path: 'mixed', demands: demanding([WRITE], ['editor']) },
  { method: 'GET', path: 'misspelt', demands: null },
];

const PATHS: Record<string, string> = {
  papers: `permission=${PAPERS}`,
  two: `permission=${READ}&permission=${WRITE}`,
  apart: `permission=${READ}&permission=${PAPERS}`,
  role: 'role=editor',
  duo: 'role=editor&role=librarian',
  mixed: `role=editor&permission=${WRITE}`,
  misspelt: `permissions=${READ}`,
};

const protectAll: Change = (part) =>
  [part, ...Object.entries(PATHS).map(([path, query]) => protecting(path, query)(part))].join('');

// With the cache, a verifier answers from memory.
const guarded = useGuardedApi({ LATCHKEY_TOKEN_CACHE_SECONDS: '2' });
let presented: Record<string, Presented>;
let verifier: ServerProcess | undefined;

/** Returns the body of a successful response. */
function done<T>({ status, body }: { status: number; body: T }): T {
  if (status >= 300) {
    throw new Error(JSON.stringify(body));
  }
  return body;
}

/** Issues a token in each state. */
beforeAll(async () => {
  const { latchkey, asAdmin } = guarded;
  const { client } = latchkey;
  const anyVersion = { 'If-Match': '*' };
  const logIn = async (name: string, roles: string[]) => {
    await client.createUser({ name, password: PASSWORD, roles }, asAdmin).then(done);
    return done(await client.login(name, PASSWORD));
  };
  const permissions = [{ name: PAPERS, description: 'Read papers.' }];
  await client.createApi({ name: 'papers', permissions }, asAdmin).then(done);
  await client.createRole({ name: 'librarian', permissions: [PAPERS] }, asAdmin).then(done);
  await client.createRole({ name: 'fading', permissions: [READ, WRITE] }, asAdmin).then(done);
  const session = await logIn('both', ['editor', 'librarian']);
  const asBoth = { ...tokenHeader(session), ...anyVersion };
  const asFading = tokenHeader(await logIn('fading', ['fading']));
  const disabled = await logIn('disabled', ['editor', 'librarian']);
  const issue = async (dto: CreateTokenDto, headers: Headers = asBoth) =>
    done(await client.createMyToken(headers, dto));

  const unlimited = await issue({});
  const reading = await issue({ permissions: [READ] });
  const expiring = await issue({ expirationTime: new Date(Date.now() + 1_000).toISOString() });
  const revoked = await issue({});
  const narrowed = await issue({});
  const narrowedRoles = await issue({ roles: ['editor', 'librarian'] });
  const fading = await issue({}, asFading);
  const fadingWrite = await issue({ permissions: [WRITE] }, asFading);
  const fadingRole = await issue({ roles: ['fading'] }, asFading);
  await client.revokeToken(revoked.id, asBoth).then(done);
  await client.updateToken(narrowed.id, { permissions: [READ] }, asBoth).then(done);
  await client.updateToken(narrowedRoles.id, { roles: ['librarian'] }, asBoth).then(done);
  await client.updateRole('fading', { permissions: [READ] }, { ...asAdmin, ...anyVersion }).then(done);
  await client.updateUser('disabled', { enabled: false }, { ...asAdmin, ...anyVersion }).then(done);
  await waitUntil(
    () => client.verify(tokenHeader(expiring)),
    ({ status }) => status === 401,
  );

  const forged = [
    'X-Auth-User: both',
    'X-Auth-Roles: editor,librarian',
    `X-Auth-Permissions: ${READ} ${WRITE} ${PAPERS}`,
    'X-Auth-Missing-Permissions: ',
  ];
  const query = `?permission=${READ}&role=editor&api=papers`;
  const token = (issued: typeof session, conveys: Conveyed, more: Partial<Presented> = {}) => ({
    lines: [lineOf(issued)],
    conveys,
    ...more,
  });
  presented = {
    session: token(session, EVERYTHING),
    unlimited: token(unlimited, EVERYTHING),
    bearer: { lines: [`Authorization: Bearer ${unlimited.token}`], conveys: EVERYTHING },
    permission: token(reading, { permissions: [READ], roles: [] }),
    permissions: token(await issue({ permissions: [READ, WRITE] }), {
      permissions: [READ, WRITE],
      roles: [],
    }),
    'permissions of two APIs': token(await issue({ permissions: [READ, PAPERS] }), {
      permissions: [READ, PAPERS],
      roles: [],
    }),
    role: token(await issue({ roles: ['editor'] }), { permissions: [READ, WRITE], roles: ['editor'] }),
    'another role': token(await issue({ roles: ['librarian'] }), {
      permissions: [PAPERS],
      roles: ['librarian'],
    }),
    'permission and role': token(await issue({ permissions: [WRITE], roles: ['editor'] }), {
      permissions: [WRITE],
      roles: ['editor'],
    }),
    'permission that the role does not grant': token(
      await issue({ permissions: [PAPERS], roles: ['editor'] }),
      { permissions: [PAPERS], roles: ['editor'] },
    ),
    narrowed: token(narrowed, { permissions: [READ], roles: [] }),
    'narrowed roles': token(narrowedRoles, { permissions: [PAPERS], roles: ['librarian'] }),
    'role that lost a permission': token(fading, { permissions: [READ], roles: ['fading'] }),
    'token limited to the lost permission': token(fadingWrite, { permissions: [], roles: [] }),
    'token limited to the role that lost it': token(fadingRole, { permissions: [READ], roles: ['fading'] }),
    'limited with forged fields': token(
      reading,
      { permissions: [READ], roles: [] },
      { lines: [lineOf(reading), ...forged] },
    ),
    'limited with a query': token(reading, { permissions: [READ], roles: [] }, { query }),
    expired: token(expiring, null),
    revoked: token(revoked, null),
    'disabled user': token(disabled, null),
    missing: { lines: [], conveys: null },
    'forged fields': { lines: forged, conveys: null },
    'forged fields and a query': { lines: forged, conveys: null, query },
  };
});

/** Starts `latchkey verifier` beside the gateways. */
beforeAll(async () => {
  const { latchkey, asAdmin } = guarded;
  const { token } = done(
    await latchkey.client.createMyToken(asAdmin, { permissions: ['tokens:introspect'] }),
  );
  const environment = {
    LATCHKEY_URL: latchkey.client.baseUrl,
    LATCHKEY_TOKEN: token,
    LATCHKEY_TRUSTED_PROXIES: '127.0.0.1',
  };
  verifier = await ServerProcess.start(environment, undefined, undefined, ['verifier']);
});

afterAll(() => verifier?.kill());

/** Status and fields that the rules demand; the fields of a 200 are those that the API receives. */
function expectedOf({ demands, method }: Route, { conveys }: Presented): object {
  if (conveys === null) {
    return { status: 401 };
  }
  if (demands === null) {
    return { status: 403 };
  }
  const permissions = demands.permissions.filter((name) => !conveys.permissions.includes(name)).join(' ');
  const roles = demands.roles.filter((name) => !conveys.roles.includes(name)).join(',');
  if (permissions !== '' || roles !== '') {
    return { status: 403, permissions, roles };
  }
  // A response to HEAD has no body, which would repeat the request.
  return method === 'HEAD'
    ? { status: 200 }
    : { status: 200, permissions: conveys.permissions.join(' '), roles: sorted(conveys.roles.join(',')) };
}

/** Status and fields of a response, like those that the rules demand. */
function seenIn(answer: RawResponse | undefined, { demands, method }: Route): object {
  const { status, headers } = answer as RawResponse;
  if (status === 200 && method !== 'HEAD') {
    const { fields } = echoed(answer as RawResponse);
    // nginx omits empty fields.
    const valuesOf = (name: string) =>
      fields.flatMap((line) => (line.startsWith(`${name}: `) ? [line.slice(name.length + 2)] : []));
    return {
      status,
      permissions: valuesOf('x-auth-permissions').join(),
      roles: sorted(valuesOf('x-auth-roles').join()),
    };
  }
  if (status === 403 && demands !== null) {
    const { 'x-auth-missing-permissions': permissions = '', 'x-auth-missing-roles': roles = '' } = headers;
    return { status, permissions, roles };
  }
  return { status };
}

const sorted = (names = '') => names.split(',').sort().join(',');

for (const { name, needs, start, protect } of PROXIES) {
  // Covers B30 in docs/explanation/security.md.
  describeIfInstalled(needs, `all tokens on all routes behind ${name}`, () => {
    it.each([
      ['Latchkey', () => guarded.tap.authority],
      ['latchkey verifier', () => new URL(verifier?.client.baseUrl ?? '').host],
    ])('have the status and the fields of the rules with %s', async (_, authorityOf) => {
      const { api } = guarded;
      const proxy = await start(authorityOf(), api.authority, protect(protectAll));
      const cells = ROUTES.flatMap((route) =>
        Object.entries(presented).map(([token, which]) => ({ route, token, which })),
      );

      api.count = 0;

      const answers = await fewAtATime(cells, ({ route, which }) =>
        sendTo(proxy, [`${route.method} /${route.path}${which.query ?? ''} HTTP/1.1`, ...which.lines]),
      ).finally(() => proxy.stop());

      const rows = cells.map(({ route, token, which }) => [route, token, expectedOf(route, which)]);
      expect(cells.map(({ route, token }, index) => [route, token, seenIn(answers[index], route)])).toEqual(
        rows,
      );
      expect(api.count).toBe(answers.filter(({ status }) => status === 200).length);
      expect(cells.length).toBe(ROUTES.length * 23);
    });
  });
}
