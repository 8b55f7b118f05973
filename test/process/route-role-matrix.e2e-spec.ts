import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN } from '../support/factories.js';
import { secretsIn } from '../support/secrets-in.js';
import { serverIn, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { DocumentedApi, type ApiDocument, type Operation } from '../served/operations/documented-api.js';
import { COLUMNS, DELEGATE_ROLE, type Column } from './matrix/columns.js';
import { contractPermissions } from './matrix/contract-permissions.js';
import { expectedStatus } from './matrix/expected-status.js';
import { REQUESTS } from './matrix/requests.js';
import { prepare, Stage, type Theatre } from './matrix/stage.js';

/** Each of some hundred cells makes users and tokens of its own. */
const PATIENCE = 300_000;

/** The routes that hand out a token; no other does, whoever asks (B10). */
const GIVE_TOKENS = [
  'GET /auth/session',
  'POST /auth/login',
  'POST /me/tokens',
  'POST /tokens/{id}/rotate',
  'POST /users/{name}/tokens',
];

/** A cell of the matrix that was played. */
interface Played {
  route: string;
  title: string;
  /** What the request was answered with; 200 stands for any success. */
  status: number;
  /** Which kinds of secrets were in header fields and body. */
  secrets: string[];
}

async function play(route: string, operation: Operation, column: Column, theatre: Theatre): Promise<Played> {
  const stage = await Stage.of(column, theatre);
  const request = await REQUESTS[route]?.(stage);
  const [method = ''] = route.split(' ');
  const sent = { ...request?.headers, ...stage.credentialsFor(operation) };
  const { status, body, headers, text } = await theatre.client.request<
    { results?: { status: number }[] } | undefined
  >(method, request?.path ?? '', { headers: sent, body: request?.body });
  // In bulk each item has a status of its own.
  const [item] = body?.results ?? [];
  const answered = item?.status ?? status;
  return {
    route,
    title: `${route} by ${column.title}`,
    status: answered >= 200 && answered < 300 ? 200 : answered,
    secrets: findSecrets([...headers.values(), text].join('\n')),
  };
}

// Requirement B13.
describe.each(['sqlite', 'postgres'] as const)('each operation by each caller on %s', (kind) => {
  let database: TestDatabase;
  let server: ServerProcess;
  let theatre: Theatre;
  let operations: Map<string, Operation>;
  const cells: Played[] = [];

  beforeAll(async () => {
    globalThis.DATABASE_KIND = kind;
    database = await createTestDatabase();
    server = await ServerProcess.start({
      ...serverIn(database.folder),
      DATABASE_URL: database.url,
      LATCHKEY_DATA_DIR: database.folder,
      LATCHKEY_AUDIT_KEY: randomBytes(32).toString('base64'),
    });
    const { client } = server;
    theatre = { client, database, asAdmin: await client.loginHeaders(ADMIN.name, ADMIN.password) };
    await prepare(theatre, 'POST', '/roles', DELEGATE_ROLE);
    const { body } = await client.request<ApiDocument>('GET', '/openapi.json');
    ({ operations } = new DocumentedApi(body));
    for (const [route, operation] of operations) {
      cells.push(...(await Promise.all(COLUMNS.map((column) => play(route, operation, column, theatre)))));
    }
  }, PATIENCE);

  afterAll(async () => {
    await server.stop();
    await database.drop();
  });

  it('has a request in this matrix', () => {
    expect([...operations.keys()].filter((route) => !(route in REQUESTS))).toEqual([]);
  });

  it('requires the permissions of the contract', () => {
    const stated = [...operations].map(([route, operation]) => [route, operation['x-required-permissions']]);

    expect(stated).toEqual([...operations.keys()].map((route) => [route, contractPermissions(route)]));
  });

  it('returns the status of its policy', () => {
    const expected = [...operations].flatMap(([route, operation]) =>
      COLUMNS.map((column) => `${route} by ${column.title}: ${expectedStatus(route, operation, column)}`),
    );

    process.stdout.write(`${cells.length} cells on ${kind}\n`);
    expect(cells.map(({ title, status }) => `${title}: ${status}`)).toEqual(expected);
    expect(cells).toHaveLength(operations.size * COLUMNS.length);
  });

  // Requirement B10.
  it('returns a token only from the routes that issue one, and no other secret', () => {
    // The examples in the OpenAPI document have the form of a token.
    const giving = cells.filter(({ route, secrets }) => secrets.length > 0 && route !== 'GET /openapi.json');

    expect([...new Set(giving.map(({ route }) => route))].sort()).toEqual(GIVE_TOKENS);
    expect(giving.filter(({ status, secrets }) => status !== 200 || secrets.join() !== 'token')).toEqual([]);
  });
});
