import { randomUUID } from 'node:crypto';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tokenHeader, type ApiClient, type Headers } from '../support/api-client.js';
import { enrol } from '../support/authenticator.js';
import { CommandLine, CommandProcess } from '../support/command-line.js';
import { DatabaseFile } from '../support/database/open-database.js';
import { ADMIN, PASSWORD } from '../support/factories.js';
import { CHANGES } from '../routes.js';
import { Fixtures } from '../support/routes/fixtures.js';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { addPasskey, ORIGIN, requestOptions } from '../support/software-passkey.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { fromNow } from '../support/use-tokens.js';

/** Two servers and several commands start as processes. */
const TIMEOUT = 180_000;

const TABLES_SQL = {
  file: `SELECT "name" FROM sqlite_schema WHERE "type" = 'table' AND "name" NOT LIKE 'sqlite%'`,
  target: `SELECT table_name AS "name" FROM information_schema.tables WHERE table_schema = 'public'`,
};

interface Moved {
  rows: number;
  tables: Record<string, number>;
}

const file = new DatabaseFile();
const environment = { LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: '3', LATCHKEY_PUBLIC_URL: ORIGIN };
let target: TestDatabase;
let latchkey: CommandLine;
let server: ServerProcess;
let asAdmin: Headers;
let before: Awaited<ReturnType<typeof listsOf>>;
let digest: string;
let head: string;
let moved: Moved;
/** Tokens by their state before the move. */
const tokens: Record<string, Headers> = {};
let setUpSecret: string;

beforeAll(async () => {
  target = await createTestDatabase({ isEmpty: true });
  latchkey = new CommandLine(serverOn(target), file.folder);
  server = await ServerProcess.start(file.environment(environment));
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  await makeUsers(server.client);
  await makeResources(server.client);
  await makePromises(server.client);
  await makeTokens(server.client);
  expect(await statusOfTokens(server.client)).toEqual(EXPECTED);
  await server.stop();
  // A restart writes pending last uses, so that the lists contain them.
  server = await ServerProcess.start(file.environment());
  before = await listsOf(server.client);
  await server.stop();
  ({ head } = await new CommandLine(file.environment(), file.folder).json<{ head: string }>('verify-audit'));
  digest = digestOfFile();

  moved = await new CommandProcess(serverOn(target), file.folder).json<Moved>(
    'migrate-database',
    'latchkey.sqlite',
  );
}, TIMEOUT);

afterAll(async () => {
  await server.kill();
  await target.drop();
  file.remove();
}, TIMEOUT);

/** Users in every state, with names in several scripts, and a custom role. */
async function makeUsers(client: ApiClient): Promise<void> {
  const made = [
    await client.createApi({ name: 'orders', description: 'Bestellungen, 注文' }, asAdmin),
    await client.createRole(
      { name: 'helpdesk', description: 'Hilft, 助ける', permissions: ['users:read', 'tokens:read'] },
      asAdmin,
    ),
    await client.createUser(
      { name: 'änne', displayName: 'Änne "Ö" O’Hara \\ 🔑', email: 'anne@example.org', password: PASSWORD },
      asAdmin,
    ),
    await client.createUser({ name: 'мария', password: PASSWORD, roles: ['helpdesk', 'user'] }, asAdmin),
    await client.createUser({ name: '李雷', password: PASSWORD }, asAdmin),
    await client.createUser({ name: 'robot', kind: 'service', roles: ['helpdesk'] }, asAdmin),
    await client.createUser({ name: 'pending' }, asAdmin),
    await client.createUser({ name: 'throttled', password: PASSWORD }, asAdmin),
    await client.createUser({ name: 'gone', password: PASSWORD }, asAdmin),
    await client.createUser({ name: 'enrolled', password: PASSWORD }, asAdmin),
  ];
  expect(made.map(({ status }) => status)).toEqual(made.map(() => 201));
  const asEnrolled = await client.loginHeaders('enrolled', PASSWORD);
  await enrol(client, asEnrolled);
  const { passkey } = await addPasskey(client, asEnrolled);
  const credential = passkey.prove(await requestOptions(client));
  await client.request('POST', '/auth/login/passkey', { body: { credential } });
  const { body } = await client.createSetUpLink('pending', asAdmin);
  setUpSecret = body.link.split('#')[1] ?? '';
  for (const password of ['one wrong', 'two wrong', 'three wrong', 'four wrong']) {
    await client.login('throttled', password);
  }
  expect((await client.login('throttled', PASSWORD)).status).toBe(429);
  await client.deleteUser('gone', asAdmin);
}

/** A row of each resource that a route creates, so also of those of feature modules. */
async function makeResources(client: ApiClient): Promise<void> {
  const fixtures = await Fixtures.on(client);
  for (const route of [...CHANGES.keys()].filter((each) => /^POST \/(?!explanations)[\w-]+$/.test(each))) {
    const { method, path, headers, body } = await fixtures.requestTo(route);
    expect((await client.request(method, path, { headers, body })).status).toBe(201);
  }
}

/** A template, a token request and a claim link. */
async function makePromises(client: ApiClient): Promise<void> {
  const session = await client.loginHeaders('änne', PASSWORD);
  const answers = [
    await client.createTokenTemplate({ name: 'backup', expiresIn: 3_600, note: 'für Anträge' }, asAdmin),
    await client.requestToken({ template: 'backup', reason: 'nächtlich' }, session),
    await client.createOffer('robot', asAdmin, { note: 'für den Roboter' }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
}

/** Tokens in every state. */
async function makeTokens(client: ApiClient): Promise<void> {
  const asAnne = await client.loginHeaders('änne', PASSWORD);
  const make = async (name: string, owner: string, body = {}) => {
    const { body: token } = await client.createUserToken(owner, asAdmin, { note: `für ${name}`, ...body });
    tokens[name] = tokenHeader(token);
    return token;
  };
  tokens['session'] = asAnne;
  await make('scoped', 'мария', { permissions: ['users:read'] });
  await make('expiring', 'robot', { expirationTime: fromNow(3_600_000) });
  const rotated = await make('superseded', 'robot');
  const { body } = await client.rotateToken(rotated.id, asAdmin, { gracePeriodSeconds: 600 });
  tokens['rotated'] = tokenHeader(body);
  const revoked = await make('revoked', 'robot');
  await client.revokeToken(revoked.id, asAdmin);
  const disabled = await make('disabled', 'robot');
  const ifNew = { ...asAdmin, 'If-Match': '"0"' };
  expect((await client.updateToken(disabled.id, { enabled: false }, ifNew)).status).toBe(200);
  tokens['of a disabled user'] = await client.loginHeaders('李雷', PASSWORD);
  const { body: user } = await client.user('李雷', asAdmin);
  expect((await client.updateUser('李雷', { enabled: false, version: user.version }, asAdmin)).status).toBe(
    200,
  );
  tokens['ended with all'] = await client.loginHeaders('мария', PASSWORD);
  await client.revokeUserTokens('мария', asAdmin);
  const { token: introspected = '' } = await make('after that', 'мария');
  // Its address is reported by the administrator.
  await client.introspect({ token: introspected, address: '2001:db8::1' }, asAdmin);
  const report = {
    verifier: randomUUID(),
    number: 1,
    name: 'Bestellungen, 注文',
    local: 0,
    asked: 1,
    uses: [],
  };
  const reported = await client.request('POST', '/auth/revocations/reports', {
    headers: asAdmin,
    body: report,
  });
  expect(reported.status).toBe(200);
  await makeDeliveries(client);
}

/** Deliveries of the tokens by e-mail, which the server cannot send. */
async function makeDeliveries(client: ApiClient): Promise<void> {
  const target = { name: 'ops', kind: 'email', addresses: ['ops@example.org'], types: ['token.created'] };
  const since = { since: fromNow(-3_600_000) };
  const answers = [
    await client.request('POST', '/event-targets', { headers: asAdmin, body: target }),
    await client.request('POST', '/event-targets/ops/redeliver', { headers: asAdmin, body: since }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([201, 200]);
}

const EXPECTED = {
  session: 200,
  scoped: 401,
  expiring: 200,
  superseded: 200,
  rotated: 200,
  revoked: 401,
  disabled: 401,
  'of a disabled user': 401,
  'ended with all': 401,
  'after that': 200,
};

/** Everything that administrators can see, except for tokens in use. */
async function listsOf(client: ApiClient) {
  const { body: roles } = await client.roles(asAdmin);
  const { body: users } = await client.users(asAdmin);
  const { body: all } = await client.tokens(asAdmin);
  return { roles, users, tokens: all.items.filter(({ user }) => user !== ADMIN.name) };
}

async function statusOfTokens(client: ApiClient) {
  const entries = Object.entries(tokens).map(async ([name, headers]) => [
    name,
    (await client.verify(headers)).status,
  ]);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, number>;
}

const digestOfFile = () => createHash('sha256').update(readFileSync(file.path)).digest('hex');

/** Rows of either database as comparable, sorted texts. */
function normal(rows: Record<string, unknown>[]): string[] {
  const value = (cell: unknown) => (typeof cell === 'boolean' ? Number(cell) : cell);
  return rows
    .map((row) =>
      Object.keys(row)
        .sort()
        .map((name) => `${name}=${JSON.stringify(row[name] === null ? null : String(value(row[name])))}`)
        .join(),
    )
    .sort();
}

// Order matters: the moved rows are compared before the server on the target changes them.
describe('migrate-database', () => {
  it('moves every table of either database', async () => {
    const tablesOf = (rows: { name: string }[]) =>
      rows
        .map(({ name }) => name)
        .filter((name) => !['migrations', 'migration_releases'].includes(name))
        .sort();
    const tables = Object.keys(moved.tables).sort();

    expect(tables).toEqual(tablesOf(file.query(TABLES_SQL.file)));
    expect(tables).toEqual(tablesOf(await target.query(TABLES_SQL.target)));
    // Otherwise the following tests would compare empty tables.
    expect(Object.entries(moved.tables).filter(([, rows]) => rows === 0)).toEqual([]);
  });

  it('moves every row unchanged', async () => {
    for (const [table, count] of Object.entries(moved.tables)) {
      const sql = `SELECT * FROM "${table}"`;
      const rows = normal(await target.query(sql));

      expect(rows).toEqual(normal(file.query(sql)));
      expect(rows).toHaveLength(count);
    }
    expect(moved.rows).toBe(Object.values(moved.tables).reduce((sum, count) => sum + count, 0));
  });

  it('leaves the file unchanged, without further files', () => {
    expect(digestOfFile()).toBe(digest);
    expect(readdirSync(file.folder).sort()).toEqual(['latchkey.sqlite', 'latchkey.sqlite.lock']);
  });

  it('moves the audit trail with its seals', async () => {
    expect(await latchkey.json('verify-audit', '--head', head)).toMatchObject({ problems: [] });
  });

  it(
    'results in a server with the same users, roles and tokens',
    async () => {
      server = await ServerProcess.start(serverOn(target, environment));
      const { client } = server;

      expect(await listsOf(client)).toEqual(before);
      expect(await statusOfTokens(client)).toEqual(EXPECTED);
      const logins = [
        await client.login('änne', PASSWORD),
        await client.login('мария', PASSWORD),
        await client.login('李雷', PASSWORD),
        await client.login('änne', 'not her password'),
        await client.login('gone', PASSWORD),
        // Failures are counted in memory, so they end with the process.
        await client.login('throttled', PASSWORD),
        await client.setUp({ secret: setUpSecret, password: PASSWORD }),
        await client.login('pending', PASSWORD),
      ];
      expect(logins.map(({ status }) => status)).toEqual([200, 200, 401, 401, 401, 200, 204, 200]);
    },
    TIMEOUT,
  );

  it('results in an audit trail that continues the chain', async () => {
    const { problems, entries } = await latchkey.json<{ problems: unknown[]; entries: number }>(
      'verify-audit',
      '--head',
      head,
    );

    expect(problems).toEqual([]);
    expect(entries).toBeGreaterThan(moved.tables['audit_events'] ?? 0);
  });
});
