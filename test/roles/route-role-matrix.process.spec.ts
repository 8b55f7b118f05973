import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN } from '../support/factories.js';
import { findSecrets } from '../support/secrets.js';
import { serverIn, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { DocumentedApi, type ApiDocument, type Operation } from '../http/operations/documented-api.js';
import { COLUMNS, DELEGATE_ROLE, type Column } from './matrix/columns.js';
import { contractPermissions } from './matrix/contract-permissions.js';
import { expectedStatus } from './matrix/expected-status.js';
import { REQUESTS } from './matrix/requests.js';
import { createModel, prepare, Cell, type Matrix } from './matrix/cell.js';

/** Each of several hundred cells creates its own users and tokens. */
const TIMEOUT = 300_000;

/** Routes that return a token. No other route does, for any caller (B10). */
const GIVE_TOKENS = [
  'GET /auth/session',
  'POST /auth/claims',
  'POST /auth/login',
  'POST /me/offers/{id}/claim',
  'POST /me/tokens',
  'POST /tokens/{id}/rotate',
  'POST /users/{name}/tokens',
];

/** Result of a cell of the matrix. */
interface Result {
  route: string;
  title: string;
  /** Status of the response; 200 stands for any success. */
  status: number;
  /** Kinds of secrets in header fields and body. */
  secrets: string[];
}

async function runCell(route: string, operation: Operation, column: Column, matrix: Matrix): Promise<Result> {
  const cell = await Cell.of(column, matrix);
  const request = await REQUESTS[route]?.(cell);
  const [method = ''] = route.split(' ');
  const sent = { ...request?.headers, ...cell.credentialsFor(operation) };
  const { status, body, headers, text } = await matrix.client.request<
    { results?: { status: number }[] } | undefined
  >(method, request?.path ?? '', { headers: sent, body: request?.body });
  // Bulk requests have a status for each item.
  const [item] = body?.results ?? [];
  const outcome = item?.status ?? status;
  return {
    route,
    title: `${route} by ${column.title}`,
    status: outcome >= 200 && outcome < 300 ? 200 : outcome,
    secrets: findSecrets([...headers.values(), text].join('\n')),
  };
}

// Covers B13 in docs/explanation/security.md.
describe.each(['sqlite', 'postgres'] as const)('each operation by each caller on %s', (kind) => {
  let database: TestDatabase;
  let server: ServerProcess;
  let matrix: Matrix;
  let operations: Map<string, Operation>;
  const results: Result[] = [];

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
    matrix = { client, database, asAdmin: await client.loginHeaders(ADMIN.name, ADMIN.password) };
    await prepare(matrix, 'POST', '/roles', DELEGATE_ROLE);
    await createModel(matrix);
    const { body } = await client.request<ApiDocument>('GET', '/openapi.json');
    ({ operations } = new DocumentedApi(body));
    for (const [route, operation] of operations) {
      results.push(
        ...(await Promise.all(COLUMNS.map((column) => runCell(route, operation, column, matrix)))),
      );
    }
  }, TIMEOUT);

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

    process.stdout.write(`${results.length} cells on ${kind}\n`);
    expect(results.map(({ title, status }) => `${title}: ${status}`)).toEqual(expected);
    expect(results).toHaveLength(operations.size * COLUMNS.length);
  });

  // Covers B10 in docs/explanation/security.md.
  it('returns a token only from the routes that issue one, and no other secret', () => {
    // Examples in the OpenAPI document have the form of a token.
    const giving = results.filter(
      ({ route, secrets }) => secrets.length > 0 && route !== 'GET /openapi.json',
    );

    expect([...new Set(giving.map(({ route }) => route))].sort()).toEqual(GIVE_TOKENS);
    expect(giving.filter(({ status, secrets }) => status !== 200 || secrets.join() !== 'token')).toEqual([]);
  });
});
