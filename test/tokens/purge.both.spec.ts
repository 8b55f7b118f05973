import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { TokenPurge } from '../../apps/api/src/tokens/revoke/token-purge.service.js';
import { tokenHeader } from '../support/api-client.js';
import { ADMIN, TestServer } from '../support/test-server.js';
import { stopClock } from '../support/use-server.js';

const DAY = 86_400_000;
const START = Date.now();
const LATER = START + 1_000 * DAY;

/** Columns that determine how long a token is retained. */
interface Row {
  kind?: 'api' | 'session';
  parentTokenId?: string;
  stamp?: number;
  expirationTime?: number;
  idleExpirationTime?: number;
  revocationTime?: number;
}

let server: TestServer;
let purge: TokenPurge;

beforeAll(async () => {
  server = await TestServer.start();
  purge = server.app.get(TokenPurge, { strict: false });
});

afterEach(async () => {
  jest.restoreAllMocks();
  await server.database.execute('DELETE FROM tokens', 'UPDATE users SET "tokensRevokedBefore" = 0');
});

afterAll(() => server.remove());

/** Returns a row of the administrator's tokens, as SQL. */
function row(id: string, { kind = 'api', parentTokenId, stamp = 9_000_000_000_000, ...times }: Row): string {
  const value = (time?: number) => time ?? 'NULL';
  const parent = parentTokenId === undefined ? 'NULL' : `'${parentTokenId}'`;
  return (
    `('${id}', (SELECT id FROM users), '${kind}', 'latchkey_…', 'digest of ${id}', ${START}, ${stamp}, ` +
    `${value(times.expirationTime)}, ${value(times.idleExpirationTime)}, ${value(times.revocationTime)}, ${parent})`
  );
}

async function insert(...rows: string[]): Promise<void> {
  await server.database.execute(
    `INSERT INTO tokens (id, "userId", kind, preview, digest, "creationTime", "stamp", "expirationTime", ` +
      `"idleExpirationTime", "revocationTime", "parentTokenId") VALUES ${rows.join(', ')}`,
  );
}

async function stored(): Promise<string[]> {
  const rows = await server.database.query<{ id: string }>('SELECT id FROM tokens ORDER BY id');
  return rows.map(({ id }) => id);
}

const at = (now: number) => stopClock(server, now);

describe('the purge of tokens', () => {
  it.each<[string, Row, number]>([
    ['its expiry', { expirationTime: LATER }, 0],
    ['its revocation', { revocationTime: LATER, expirationTime: LATER + 30 * DAY }, 0],
    [
      'the revocation of all tokens of its user',
      { stamp: LATER - 1, expirationTime: LATER + 30 * DAY },
      LATER,
    ],
    ['the logout of a session', { kind: 'session', revocationTime: LATER, expirationTime: LATER + DAY }, 0],
  ])('deletes a token 90 days after %s, and not before', async (_, ends, tokensRevokedBefore) => {
    await server.database.execute(`UPDATE users SET "tokensRevokedBefore" = ${tokensRevokedBefore}`);
    await insert(row('token', ends));
    at(LATER + 90 * DAY - 1);
    expect(await purge.purge()).toBe(0);

    at(LATER + 90 * DAY);

    expect(await purge.purge()).toBe(1);
    expect(await stored()).toEqual([]);
  });

  it('keeps valid tokens of any age', async () => {
    await insert(row('for ever', {}), row('long', { expirationTime: LATER + 1 }));
    at(LATER + 90 * DAY);

    expect(await purge.purge()).toBe(0);

    expect(await stored()).toEqual(['for ever', 'long']);
  });

  it('deletes more than one batch, and keeps the rest', async () => {
    const rows = Array.from({ length: 1_300 }, (_, index) =>
      row(`t-${String(index).padStart(4, '0')}`, index % 100 === 0 ? {} : { expirationTime: LATER }),
    );
    await insert(...rows);
    at(LATER + 90 * DAY);

    expect(await purge.purge()).toBe(1_287);

    expect(await stored()).toHaveLength(13);
  });

  it('keeps a session in use', async () => {
    const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);

    await purge.purge();

    expect((await server.client.me(headers)).status).toBe(200);
  });
});

// Covers B12 in docs/explanation/security.md.
describe('the purge of expired sessions', () => {
  const HOUR = 3_600_000;
  /** Interval of the purge. */
  const INTERVAL = 15 * 60_000;

  it.each<[string, Row]>([
    ['absolute', { kind: 'session', expirationTime: LATER }],
    ['idle', { kind: 'session', idleExpirationTime: LATER, expirationTime: LATER + 30 * DAY }],
  ])('deletes them within an hour of their %s expiry, and not before', async (_, ends) => {
    await insert(row('session', ends));
    at(LATER - 1);
    expect(await purge.purge()).toBe(0);

    at(LATER + HOUR - INTERVAL);

    expect(await purge.purge()).toBe(1);
    expect(await stored()).toEqual([]);
  });

  it('keeps them for a few minutes, to return token_expired', async () => {
    const { body } = await server.client.login(ADMIN.name, ADMIN.password);
    const end = Date.parse(body.idleExpirationTime ?? '');
    at(end + 4 * 60_000);

    await purge.purge();

    expect((await server.client.me(tokenHeader(body))).body.code).toBe('token_expired');
  });

  it('keeps sessions that issued tokens as long as other tokens', async () => {
    await insert(
      row('session', { kind: 'session', expirationTime: LATER }),
      row('made', { parentTokenId: 'session' }),
    );
    at(LATER + 90 * DAY - 1);
    expect(await purge.purge()).toBe(0);

    at(LATER + 90 * DAY);

    expect(await purge.purge()).toBe(1);
    expect(await stored()).toEqual(['made']);
  });

  it('leaves the same response as for an unknown token', async () => {
    const { body } = await server.client.login(ADMIN.name, ADMIN.password);
    at(Date.parse(body.idleExpirationTime ?? '') + HOUR);
    await purge.purge();

    const { status, body: problem } = await server.client.me(tokenHeader(body));

    expect([status, problem.code]).toEqual([401, 'unauthenticated']);
  });
});
