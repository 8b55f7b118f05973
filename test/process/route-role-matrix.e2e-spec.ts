import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN } from '../support/factories.js';
import { startPostgresCluster } from '../support/postgres-cluster.mjs';
import { serverIn, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { Documented, type ApiDocument, type Operation } from '../served/answers/documented.js';
import { COLUMNS, DELEGATE_ROLE, type Column } from './matrix/columns.js';
import { contractPermissions } from './matrix/contract-permissions.js';
import { expectedStatus } from './matrix/expected-status.js';
import { REQUESTS } from './matrix/requests.js';
import { prepare, Stage, type Theatre } from './matrix/stage.js';

/** Each of some hundred cells makes users and tokens of its own. */
const PATIENCE = 300_000;

/** What the answer to a cell's request was; 200 stands for any success. */
async function play(route: string, operation: Operation, column: Column, theatre: Theatre): Promise<number> {
  const stage = await Stage.of(column, theatre);
  const request = await REQUESTS[route]?.(stage);
  const [method = ''] = route.split(' ');
  const headers = { ...request?.headers, ...stage.credentialsFor(operation) };
  const { status, body } = await theatre.client.request<{ results?: { status: number }[] } | undefined>(
    method,
    request?.path ?? '',
    { headers, body: request?.body },
  );
  // In bulk each item has a status of its own.
  const [item] = body?.results ?? [];
  const answered = item?.status ?? status;
  return answered >= 200 && answered < 300 ? 200 : answered;
}

describe.each(['sqlite', 'postgres'] as const)(
  'B13 matrix: every operation, by every caller, on %s',
  (kind) => {
    let stopCluster = () => Promise.resolve();
    let database: TestDatabase;
    let server: ServerProcess;
    let theatre: Theatre;
    let operations: Map<string, Operation>;

    beforeAll(async () => {
      if (kind === 'postgres') {
        const cluster = await startPostgresCluster();
        stopCluster = cluster.stop;
        process.env.LATCHKEYTEST_POSTGRES_URL = cluster.url;
      }
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
      ({ operations } = new Documented(body));
    });

    afterAll(async () => {
      await server.stop();
      await database.drop();
      await stopCluster();
    });

    it('has a request here', () => {
      expect([...operations.keys()].filter((route) => !(route in REQUESTS))).toEqual([]);
    });

    it('needs the permissions that the contract asks for', () => {
      const stated = [...operations].map(([route, operation]) => [
        route,
        operation['x-required-permissions'],
      ]);

      expect(stated).toEqual([...operations.keys()].map((route) => [route, contractPermissions(route)]));
    });

    it(
      'is answered as its policy says',
      async () => {
        const answers: number[] = [];
        for (const [route, operation] of operations) {
          const row = COLUMNS.map((column) => play(route, operation, column, theatre));
          answers.push(...(await Promise.all(row)));
        }

        const cells = [...operations].flatMap(([route, operation]) =>
          COLUMNS.map((column) => ({
            cell: `${route} by ${column.title}`,
            status: expectedStatus(route, operation, column),
          })),
        );
        expect(cells.map(({ cell }, index) => `${cell}: ${answers[index]}`)).toEqual(
          cells.map(({ cell, status }) => `${cell}: ${status}`),
        );
        expect(answers).toHaveLength(operations.size * COLUMNS.length);
      },
      PATIENCE,
    );
  },
);
