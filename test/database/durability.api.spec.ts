import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { digestOf } from '../../apps/api/src/platform/crypto/secrets.js';
import { ADMIN } from '../support/factories.js';
import { TestServer } from '../support/test-server.js';

let server: TestServer;

beforeEach(async () => {
  server = await TestServer.start();
});

afterEach(() => server.remove());

const login = () => server.client.login(ADMIN.name, ADMIN.password);
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

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
    await server.stop();
    const { database } = server;
    const rows = await database.query<{ digest: string }>('SELECT digest FROM tokens');
    expect(rows.map(({ digest }) => digest).sort()).toEqual(tokens.map(digestOf).sort());
    server = await TestServer.start({ database });
    expect(await statusesOf(tokens)).toEqual(new Set([200]));
  });
});
