import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Writes } from '../../apps/api/src/platform/database/writes.service.js';
import { type FailureCount } from '../../apps/api/src/throttle/counts/failure-count.entity.js';
import { FailureCountPurge } from '../../apps/api/src/throttle/counts/failure-count-purge.service.js';
import { FailureCountsRepository } from '../../apps/api/src/throttle/counts/failure-counts.repository.js';
import { ADMIN } from '../support/test-server.js';
import { useServer } from '../support/use-server.js';

const NETWORK = '192.0.2.1';
const EVERYWHERE = { account: 'anne', network: '' };
const HERE = { account: 'anne', network: NETWORK };

const server = useServer();
let counts: FailureCountsRepository;
let writes: Writes;

beforeAll(() => {
  counts = server.app.get(FailureCountsRepository);
  writes = server.app.get(Writes);
});

beforeEach(() => server.database.execute('DELETE FROM failure_counts'));

const change = (key: { account: string; network: string }, work: (count: FailureCount) => void) =>
  writes.transaction((tx) => counts.change(key, work, tx), 'none');
const rows = () =>
  server.database.query<{ account: string; network: string }>(
    'SELECT account, network FROM failure_counts ORDER BY account, network',
  );
/** Inserts rows of clients without a successful login; the first ones expire first. */
const fill = (count: number, forgetTime: number) =>
  server.database.execute(
    `INSERT INTO failure_counts (account, network, "forgetTime")
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
       SELECT 'untrusted-' || i, '', ${forgetTime} + i FROM n`,
  );

describe('FailureCountsRepository', () => {
  it('returns zeros for an unknown key', async () => {
    expect(await counts.findAll([EVERYWHERE])).toEqual([
      {
        ...EVERYWHERE,
        failures: 0,
        blockedUntil: 0,
        resetTime: 0,
        pacedUntil: 0,
        knownUntil: 0,
        forgetTime: 0,
      },
    ]);
  });

  it('loses none of 50 parallel changes, including the insert', async () => {
    await Promise.all(Array.from({ length: 50 }, () => change(EVERYWHERE, (count) => (count.failures += 1))));

    expect(await counts.findAll([EVERYWHERE])).toMatchObject([{ failures: 50 }]);
  });

  it('returns numbers, in the requested order', async () => {
    const time = Date.UTC(2030, 0, 1);
    await change(HERE, (count) => Object.assign(count, { failures: 2, knownUntil: time }));
    await change(EVERYWHERE, (count) => Object.assign(count, { failures: 3, blockedUntil: time + 1 }));

    const found = await counts.findAll([{ account: '', network: NETWORK }, EVERYWHERE, HERE]);

    expect(found.map(({ failures, forgetTime }) => [failures, forgetTime])).toEqual([
      [0, 0],
      [3, time + 1],
      [2, time],
    ]);
  });

  it('keeps the most recent networks of an account, and those of other accounts', async () => {
    for (const index of [1, 2, 3, 4]) {
      await change({ account: 'anne', network: `n${index}` }, (count) => (count.knownUntil = index));
    }
    await change({ account: 'bert', network: 'n1' }, (count) => (count.knownUntil = 1));

    await writes.transaction((tx) => counts.keepKnown('anne', 2, tx), 'none');

    expect((await rows()).map(({ account, network }) => `${account} ${network}`)).toEqual([
      'anne n3',
      'anne n4',
      'bert n1',
    ]);
  });

  it('stores no readable name', async () => {
    await server.client.login('a mistyped password', 'a wrong password');
    await server.client.login(ADMIN.name, 'a wrong password');

    const stored = JSON.stringify(await server.database.query('SELECT * FROM failure_counts'));

    expect(stored).not.toContain('mistyped');
    expect(stored).not.toContain(ADMIN.name);
    expect(JSON.parse(stored)).toHaveLength(3);
  });
});

describe('the purge of failure counts', () => {
  it('deletes expired rows only', async () => {
    const past = Date.now() - 1;
    const future = Date.now() + 60_000;
    await change({ account: 'old', network: '' }, (count) => (count.resetTime = past));
    await change({ account: 'old', network: NETWORK }, (count) => (count.knownUntil = past));
    await change({ account: 'new', network: '' }, (count) => (count.resetTime = future));
    await change({ account: 'new', network: NETWORK }, (count) => (count.knownUntil = future));
    await change({ account: 'failing', network: NETWORK }, (count) =>
      Object.assign(count, { knownUntil: past, resetTime: future }),
    );

    await server.app.get(FailureCountPurge).purge();

    expect((await rows()).map(({ account }) => account)).toEqual(['failing', 'new', 'new']);
  });

  it('keeps at most 100,000 unknown names, the latest ones, and every known network', async () => {
    await fill(101_200, Date.now() + 60_000);
    await change(HERE, (count) => (count.knownUntil = Date.now() + 60_000));

    await server.app.get(FailureCountPurge).purge();

    const [left] = await server.database.query<{ count: number | string }>(
      'SELECT COUNT(*) AS count FROM failure_counts',
    );
    expect(Number(left?.count)).toBe(100_001);
    expect(
      await server.database.query(
        `SELECT account FROM failure_counts WHERE account IN ('anne', 'untrusted-1200', 'untrusted-1201') ORDER BY account`,
      ),
    ).toEqual([{ account: 'anne' }, { account: 'untrusted-1201' }]);
  });
});
