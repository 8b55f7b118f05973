import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from '#sqlite';
import { digestOf } from '../../apps/api/src/platform/crypto/secrets.js';
import { ADMIN } from '../support/factories.js';
import { serverIn, ServerProcess } from '../support/server-process.js';

let folder: string;
let server: ServerProcess;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-process-'));
  server = await start();
});

afterEach(async () => {
  await server.kill();
  rmSync(folder, { recursive: true });
});

const start = () => ServerProcess.start(serverIn(folder));
const login = () => server.client.login(ADMIN.name, ADMIN.password);
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

/** Reads the database of a killed server, as the next start finds it. */
function read<Row>(sql: string): Row[] {
  const database = new Database(join(folder, 'latchkey.sqlite'));
  try {
    return database.prepare(sql).all() as Row[];
  } finally {
    database.close();
  }
}

async function statusesOf(tokens: Iterable<string>): Promise<Set<number>> {
  const answers = await Promise.all([...tokens].map((token) => server.client.verify(bearer(token))));
  return new Set(answers.map(({ status }) => status));
}

describe('100 parallel logins', () => {
  it('return 200 or 503, and every issued token survives a restart', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, login));

    const rejected = answers.filter(({ status }) => status !== 200);
    const tokens = answers.flatMap(({ status, body }) => (status === 200 ? [body.token ?? ''] : []));
    expect(
      rejected.filter(({ status, headers }) => status !== 503 || !(Number(headers.get('retry-after')) > 0)),
    ).toEqual([]);
    expect(new Set(tokens).size).toBe(tokens.length);
    // The slower the machine, the fewer logins fit into the queue.
    expect(tokens.length).toBeGreaterThan(0);
    expect(await server.stop()).toBe(0);
    const digests = read<{ digest: string }>('SELECT digest FROM tokens').map(({ digest }) => digest);
    expect(digests.sort()).toEqual(tokens.map(digestOf).sort());
    server = await start();
    expect(await statusesOf(tokens)).toEqual(new Set([200]));
  });
});
