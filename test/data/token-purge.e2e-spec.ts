import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Clock } from '../../apps/api/src/common/clock.js';
import { TokenPurge } from '../../apps/api/src/tokens/token-purge.js';
import { ADMIN, TestServer } from '../support/test-server.js';

const DAY = 86_400_000;
const START = Date.now();
const LATER = START + 1_000 * DAY;

/** Columns of a token that count for its end. */
interface Ends {
  stampTime?: number;
  expirationTime?: number;
  idleExpirationTime?: number;
  revocationTime?: number;
}

let server: TestServer;
let purge: TokenPurge;

beforeEach(async () => {
  server = await TestServer.start();
  purge = server.app.get(TokenPurge, { strict: false });
});

afterEach(() => server.remove());

/** A row of the administrator's, as SQL. */
function row(id: string, { stampTime = 9_000_000_000_000, ...times }: Ends): string {
  const value = (time?: number) => time ?? 'NULL';
  return (
    `('${id}', (SELECT id FROM users), 'session', 'lk_…', 'digest of ${id}', ${START}, ${stampTime}, ` +
    `${value(times.expirationTime)}, ${value(times.idleExpirationTime)}, ${value(times.revocationTime)})`
  );
}

async function insert(...rows: string[]): Promise<void> {
  await server.database.execute(
    `INSERT INTO tokens (id, "userId", kind, preview, digest, "creationTime", "stampTime", "expirationTime", ` +
      `"idleExpirationTime", "revocationTime") VALUES ${rows.join(', ')}`,
  );
}

async function stored(): Promise<string[]> {
  const rows = await server.database.query<{ id: string }>('SELECT id FROM tokens ORDER BY id');
  return rows.map(({ id }) => id);
}

const at = (now: number) => jest.spyOn(server.app.get(Clock), 'now').mockReturnValue(now);

describe('the purge of tokens', () => {
  it.each<[string, Ends, number]>([
    ['its absolute end', { expirationTime: LATER }, 0],
    ['its idle end', { idleExpirationTime: LATER, expirationTime: LATER + 30 * DAY }, 0],
    ['its revocation', { revocationTime: LATER, expirationTime: LATER + 30 * DAY }, 0],
    ['its user’s tokens were ended', { stampTime: LATER - 1, expirationTime: LATER + 30 * DAY }, LATER],
  ])('deletes a token 90 days after %s, and not before', async (_, ends, tokensEndedBefore) => {
    await server.database.execute(`UPDATE users SET "tokensEndedBefore" = ${tokensEndedBefore}`);
    await insert(row('token', ends));
    at(LATER + 90 * DAY - 1);
    expect(await purge.purge()).toBe(0);

    at(LATER + 90 * DAY);

    expect(await purge.purge()).toBe(1);
    expect(await stored()).toEqual([]);
  });

  it('keeps tokens that live, however old', async () => {
    await insert(row('for ever', {}), row('long', { expirationTime: LATER + 1 }));
    at(LATER + 90 * DAY);

    expect(await purge.purge()).toBe(0);

    expect(await stored()).toEqual(['for ever', 'long']);
  });

  it('deletes more than a slice, and keeps what is between', async () => {
    const rows = Array.from({ length: 1_300 }, (_, index) =>
      row(`t-${String(index).padStart(4, '0')}`, index % 100 === 0 ? {} : { expirationTime: LATER }),
    );
    await insert(...rows);
    at(LATER + 90 * DAY);

    expect(await purge.purge()).toBe(1_287);

    expect(await stored()).toHaveLength(13);
  });

  it('lets a session in use be', async () => {
    const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);

    await purge.purge();

    expect((await server.client.me(headers)).status).toBe(200);
  });
});
