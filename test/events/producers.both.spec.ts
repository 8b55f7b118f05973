import { describe, expect, it, jest } from '@jest/globals';
import { type AuditEventDto, type EventDto } from '@latchkey/auth-models';
import { DataSource } from 'typeorm';
import { AuditEvent } from '../../apps/api/src/audit/trail/audit-event.entity.js';
import { Clock } from '../../apps/api/src/common/clock.service.js';
import { BackupCheck } from '../../apps/api/src/health/backup-check.service.js';
import { recordBackup } from '../../apps/api/src/platform/database/sqlite/last-backup.js';
import { type RepeatedJob } from '../../apps/api/src/platform/database/repeated-job.js';
import { ExpiringTokensRepository } from '../../apps/api/src/tokens/warnings/expiring-tokens.repository.js';
import { ExpiryWarnings } from '../../apps/api/src/tokens/warnings/expiry-warnings.service.js';
import { OldSecretWarnings } from '../../apps/api/src/tokens/warnings/old-secret-warnings.service.js';
import { tokenHeader } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { insertTokens, type TokenRow } from '../support/token-rows.js';
import { useUsage } from '../tokens/use-usage.js';
import { flushTokenUsage, useAdmin, useServer } from '../support/use-server.js';

const server = useServer({ environment: { LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' } });
const asAdmin = useAdmin(server);

const DAY = 86_400_000;
const isPostgres = globalThis.DATABASE_KIND === 'postgres';

const runJob = (job: abstract new (...parts: never[]) => RepeatedJob) =>
  server.app.get<RepeatedJob>(job, { strict: false }).runOnce();

/** Does something with the clock of the server ahead. */
async function later<T>(days: number, act: () => Promise<T>): Promise<T> {
  const clock = jest.spyOn(server.app.get(Clock), 'now').mockReturnValue(Date.now() + days * DAY);
  try {
    return await act();
  } finally {
    clock.mockRestore();
  }
}

/** Returns the entries of an action about a subject, oldest first. */
async function entriesAbout(subject: string, action: string): Promise<AuditEventDto[]> {
  const { body } = await server.client.auditEvents(asAdmin, `?subject=${subject}&action=${action}&size=200`);
  return body.items.toReversed();
}

async function createUser(): Promise<string> {
  const { body } = await server.client.createUser(newUser(), asAdmin);
  return body.name;
}

describe('logins from new networks', () => {
  const logInFrom = async (name: string, ...addresses: string[]) => {
    for (const address of addresses) {
      const headers = { 'X-Forwarded-For': address, 'User-Agent': 'Firefox' };
      expect((await server.client.login(name, PASSWORD, { headers })).status).toBe(200);
    }
  };
  const newNetworksOf = async (name: string) =>
    (await entriesAbout(name, 'authn_login_success'))
      .filter(({ after }) => after?.['newNetwork'])
      .map(({ address, after }) => [address, after?.['userAgent']]);

  it('are marked, except for the first login and other addresses of a known network', async () => {
    const name = await createUser();

    await logInFrom(name, '192.0.2.1', '192.0.2.254', '192.0.3.1', '192.0.2.7');
    await logInFrom(name, '2001:db8:1::1', '2001:db8:1:ffff::2', '2001:db8:2::1', '::ffff:192.0.3.9');

    expect(await newNetworksOf(name)).toEqual([
      ['192.0.3.1', 'Firefox'],
      ['2001:db8:1::1', 'Firefox'],
      ['2001:db8:2::1', 'Firefox'],
    ]);
  });

  it('replace the oldest of 20 networks, which is then new again', async () => {
    const name = await createUser();
    const networks = Array.from({ length: 21 }, (_, index) => `198.51.${100 + index}.1`);
    await logInFrom(name, ...networks);

    await logInFrom(name, '198.51.101.1', '198.51.100.1');

    const [{ count } = { count: 0 }] = await server.database.query<{ count: number | string }>(
      `SELECT COUNT(*) AS count FROM login_networks WHERE "userId" = (SELECT id FROM users WHERE name = '${name}')`,
    );
    expect(Number(count)).toBe(20);
    expect((await newNetworksOf(name)).map(([address]) => address)).toEqual([
      ...networks.slice(1),
      '198.51.100.1',
    ]);
  });

  it('are marked once when they are simultaneous', async () => {
    const name = await createUser();
    await logInFrom(name, '192.0.2.1');

    await Promise.all([1, 2, 3, 4].map((last) => logInFrom(name, `203.0.113.${last}`)));

    expect(await newNetworksOf(name)).toHaveLength(1);
  });
});

describe('warnings before the expiry of tokens', () => {
  const NOW = Date.now();

  const warn = (days = 0) => later(days, () => runJob(ExpiryWarnings));

  /** Inserts tokens of a user that expire after some days. */
  const insert = (user: string, tokens: Record<string, number | Partial<TokenRow>>) =>
    server.database.execute(
      insertTokens(
        ...Object.entries(tokens).map(([id, some]) => ({
          id: `${user} ${id}`,
          user,
          ...(typeof some === 'number' ? { expirationTime: NOW + some * DAY } : some),
        })),
      ),
    );

  /** Returns the warnings of a user: the days, and the ids of the tokens. */
  const warningsOf = async (user: string) =>
    (await entriesAbout(user, 'authn_token_expiring')).map(({ after }) => {
      const { days, tokens, ...rest } = after as { days: number; tokens: { id: string }[] };
      return [days, tokens.map(({ id }) => id.replace(`${user} `, '')).sort(), ...Object.keys(rest)];
    });

  it('name the tokens of one owner with the same number of days in one entry, once', async () => {
    const name = await createUser();
    const note = 'Nightly export';
    await insert(name, { a: 29, b: 30, c: 12, d: 0.5, e: 31, f: -1 });
    await insert(name, { g: { expirationTime: NOW + 6 * DAY, note } });
    const other = await createUser();
    await insert(other, { a: 29 });

    await warn();
    await warn();

    expect(await warningsOf(name)).toEqual([
      [1, ['d']],
      [7, ['g']],
      [14, ['c']],
      [30, ['a', 'b']],
    ]);
    expect(await warningsOf(other)).toEqual([[30, ['a']]]);
    const [, entry] = await entriesAbout(name, 'authn_token_expiring');
    expect(entry).toMatchObject({
      actor: { id: 'server' },
      subject: { kind: 'user', name },
      after: {
        tokens: [
          {
            id: `${name} g`,
            user: name,
            tokenPreview: 'latchkey_…0000',
            note,
            expirationTime: new Date(NOW + 6 * DAY).toISOString(),
          },
        ],
      },
    });
  });

  it('leave out sessions, and tokens that do not work', async () => {
    const name = await createUser();
    const expirationTime = NOW + DAY / 2;
    await insert(name, {
      session: { kind: 'session', expirationTime },
      disabled: { enabled: false, expirationTime },
      revoked: { revocationTime: NOW - DAY, expirationTime },
      'without expiry': {},
      'revoked with all': { stamp: 0, expirationTime },
    });
    const disabled = await createUser();
    await insert(disabled, { a: 0.5 });
    await server.client.updateUser(disabled, { enabled: false, version: 0 }, asAdmin);

    await warn();

    expect([await warningsOf(name), await warningsOf(disabled)]).toEqual([[], []]);
  });

  it('follow at the next number of days, and again after a new expiry', async () => {
    const name = await createUser();
    const asOwner = await server.client.loginHeaders(name, PASSWORD);
    const body = { note: 'CI', expiresIn: (20 * DAY) / 1_000 };
    const { body: token } = await server.client.createMyToken(asOwner, body);
    const days = async () => (await warningsOf(name)).map(([some]) => some);
    const runAfter = async (passed: number) => {
      await warn(passed);
      return days();
    };

    // It lives for less than 30 days.
    expect(await runAfter(0)).toEqual([]);
    expect(await runAfter(6.5)).toEqual([14]);
    expect(await runAfter(7)).toEqual([14]);
    expect(await runAfter(13.5)).toEqual([14, 7]);
    await server.client.updateToken(token.id, { expiresIn: (40 * DAY) / 1_000, version: 0 }, asOwner);
    expect(await runAfter(27)).toEqual([14, 7, 14]);
  });

  it('leave out tokens that rotate themselves until their last day', async () => {
    const name = await createUser();
    const asOwner = await server.client.loginHeaders(name, PASSWORD);
    const body = { note: 'CI', expiresIn: (20 * DAY) / 1_000 };
    const { body: token } = await server.client.createMyToken(asOwner, body);
    await server.client.rotateToken(token.id, tokenHeader(token), { version: 0 });

    await warn(13);
    expect(await warningsOf(name)).toEqual([]);
    await warn(19.5);

    expect(await warningsOf(name)).toEqual([[1, [token.id]]]);
  });

  it('are apart for the tokens of verifiers that report', async () => {
    const name = await createUser();
    await insert(name, { a: 13, b: 13, c: 13 });
    for (const [id, age] of Object.entries({ b: 0, c: 2 })) {
      await server.database.execute(
        `INSERT INTO verifiers (id, "userId", "tokenId", name, address, report, "startTime", "reportTime", local, asked)
         VALUES ('${id}', (SELECT id FROM users WHERE name = '${name}'), '${name} ${id}', 'orders', '192.0.2.1', 1, 0, ${NOW - age * DAY}, 0, 0)`,
      );
    }

    await warn();

    expect(await warningsOf(name)).toEqual([
      [14, ['a', 'c']],
      [14, ['b'], 'verifier'],
    ]);
  });

  it('leave out a token that is extended meanwhile', async () => {
    const name = await createUser();
    const asOwner = await server.client.loginHeaders(name, PASSWORD);
    await insert(name, { a: 6, b: 6 });
    const expiring = server.app.get(ExpiringTokensRepository, { strict: false });
    const findWarned = expiring.findWarned.bind(expiring);
    jest.spyOn(expiring, 'findWarned').mockImplementationOnce(async (ids, now) => {
      const found = await findWarned(ids, now);
      const body = { expiresIn: (60 * DAY) / 1_000, version: 0 };
      expect((await server.client.updateToken(`${name}%20a`, body, asOwner)).status).toBe(200);
      return found;
    });

    await warn();

    expect(await warningsOf(name)).toEqual([[7, ['b']]]);
  });

  it('are not recorded with an implausible clock', async () => {
    const name = await createUser();
    await insert(name, { a: 100 });

    await warn(95);

    expect(await warningsOf(name)).toEqual([]);
  });

  // PostgreSQL runs the same statements in the other tests.
  if (!isPostgres) {
    it('name 200 tokens in an entry, and 5,000 in a run', async () => {
      const name = await createUser();
      for (let start = 0; start < 5_100; start += 1_000) {
        const ids = Array.from({ length: Math.min(1_000, 5_100 - start) }, (_, index) => [
          `${start + index}`,
          2,
        ]);
        await insert(name, Object.fromEntries(ids) as Record<string, number>);
      }
      const sizes = async () => {
        const rows = await server.database.query<{ after: string }>(
          `SELECT "after" FROM audit_events WHERE action = 'authn_token_expiring' AND "subjectName" = '${name}' ORDER BY sequence`,
        );
        return rows.map(({ after }) => (JSON.parse(after) as { tokens: unknown[] }).tokens.length);
      };

      await warn();
      expect(await sizes()).toEqual(Array(25).fill(200));
      await warn();

      expect(await sizes()).toEqual([...Array<number>(25).fill(200), 100]);
    });
  }
});

describe('late uses of an old secret', () => {
  const { createOwnToken, use } = useUsage(server, asAdmin);
  const HOUR = 1 / 24;
  const reportsOf = (id: string) => entriesAbout(id, 'authn_old_secret_used');

  /** Creates a token and rotates it. */
  const createRotated = async (graceDays: number) => {
    const { name, asOwner, token } = await createOwnToken();
    const rotate = () =>
      server.client.rotateToken(token.id, asOwner, { gracePeriodSeconds: (graceDays * DAY) / 1_000 });
    const { body: rotated } = await rotate();
    return { name, asOwner, token, rotated, rotate };
  };

  /** Uses a secret some days after now, and runs the job. */
  const useAfter = (days: number, secret: string | undefined) =>
    later(days, async () => {
      await use(secret);
      await flushTokenUsage(server);
      await runJob(OldSecretWarnings);
    });

  it('are recorded once for each rotation, in the second half of a short grace period', async () => {
    const { name, token, rotated, rotate } = await createRotated(HOUR);

    await useAfter(0.4 * HOUR, token.token);
    await later(0.9 * HOUR, () => runJob(OldSecretWarnings));
    expect(await reportsOf(token.id)).toEqual([]);
    await useAfter(0.6 * HOUR, token.token);
    await useAfter(0.7 * HOUR, token.token);

    expect(await reportsOf(token.id)).toMatchObject([
      {
        actor: { id: 'server' },
        subject: { kind: 'token', name },
        address: '127.0.0.1',
        after: {
          tokenPreview: rotated.tokenPreview,
          note: 'job',
          supersededUntil: rotated.superseded?.until,
          count: 2,
          userAgent: 'job/1',
        },
      },
    ]);
    await rotate();
    await useAfter(0.6 * HOUR, rotated.token);
    expect(await reportsOf(token.id)).toHaveLength(2);
  });

  it('are those of the last day of a long grace period', async () => {
    const { token } = await createRotated(7);

    await useAfter(5.9, token.token);
    await later(6.9, () => runJob(OldSecretWarnings));
    expect(await reportsOf(token.id)).toEqual([]);
    await later(6.1, async () => {
      await use(token.token);
      await flushTokenUsage(server);
    });
    // The report of a verifier arrived late.
    await later(7.5, () => runJob(OldSecretWarnings));

    expect(await reportsOf(token.id)).toHaveLength(1);
  });

  it('are not recorded after the old secret, or the token, was revoked or disabled', async () => {
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => createRotated(HOUR)));
    for (const one of [first, second, third]) {
      await later(0.6 * HOUR, () => use(one?.token.token));
    }
    await flushTokenUsage(server);
    await server.client.revokeSupersededSecret(first?.token.id ?? '', first?.asOwner ?? {});
    await server.client.revokeToken(second?.token.id ?? '', second?.asOwner ?? {});
    await server.client.updateToken(
      third?.token.id ?? '',
      { enabled: false, version: 1 },
      third?.asOwner ?? {},
    );

    await later(0.7 * HOUR, () => runJob(OldSecretWarnings));

    for (const one of [first, second, third]) {
      expect(await reportsOf(one?.token.id ?? '')).toEqual([]);
    }
  });
});

describe('an overdue backup', () => {
  const check = (days: number) => later(days, () => runJob(BackupCheck));
  const reports = () => entriesAbout('backup', 'backup_overdue');

  it('is recorded once, eight days after each last backup, and only on SQLite', async () => {
    const [, file = ''] = server.database.url.split('sqlite:');
    const backUp = (days: number) => {
      const time = new Date(Date.now() + days * DAY).toISOString();
      if (!isPostgres) {
        recordBackup(file, { time, file: '/backups/latchkey.sqlite' });
      }
      return time;
    };
    const times = [];

    await check(20);
    expect(await reports()).toEqual([]);
    times.push(backUp(0));
    await check(7.9);
    expect(await reports()).toEqual([]);
    await check(8.1);
    await check(9);
    times.push(backUp(9));
    await check(16);
    await check(17.1);
    await check(17.2);

    expect((await reports()).map(({ outcome, after }) => [outcome, after])).toEqual(
      isPostgres ? [] : times.map((lastBackup) => ['failure', { lastBackup }]),
    );
  });
});

describe('GET /events', () => {
  it('returns the entries that the server records by itself', async () => {
    const { name, asOwner, token } = await useUsage(server, asAdmin).createOwnToken();
    await server.client.login(name, PASSWORD, { headers: { 'X-Forwarded-For': '203.0.113.1' } });
    const rotated = await server.client.rotateToken(token.id, asOwner, { gracePeriodSeconds: 3_600 });
    await later(1 / 30, async () => {
      await server.client.verify({ Authorization: `Bearer ${token.token}` });
      await flushTokenUsage(server);
      await runJob(OldSecretWarnings);
    });
    const expirationTime = new Date(Date.now() + 6 * DAY).toISOString();
    await server.database.execute(
      insertTokens({ id: `${name} a`, user: name, note: 'CI', expirationTime: Date.parse(expirationTime) }),
    );
    await runJob(ExpiryWarnings);

    const { body } = await server.client.request<{ items: EventDto[] }>(
      'GET',
      '/events?type=token.expiring,token.old_secret_used,login.new_network',
      { headers: asAdmin },
    );

    const { tokenPreview } = rotated.body;
    const about = body.items.filter(({ data }) => data.users?.[0]?.name === name);
    expect(about.toReversed()).toMatchObject([
      { type: 'login.new_network', data: { address: '203.0.113.1' } },
      {
        type: 'token.old_secret_used',
        data: {
          address: '127.0.0.1',
          count: 1,
          tokens: [{ id: token.id, user: name, tokenPreview, note: 'job' }],
        },
      },
      {
        type: 'token.expiring',
        data: { days: 7, tokens: [{ id: `${name} a`, user: name, note: 'CI', expirationTime }] },
      },
    ]);
  });

  it('finds a rare event that is older than many logins', async () => {
    const { body: token } = await server.client.createUserToken(await createUser(), asAdmin);
    const copied = ['sequence', 'id', 'action'];
    const { columns } = server.app.get(DataSource).getMetadata(AuditEvent);
    const others = columns.flatMap(({ databaseName }) =>
      copied.includes(databaseName) ? [] : [`"${databaseName}"`],
    );
    const [{ newest } = { newest: 0 }] = await server.database.query<{ newest: number | string }>(
      'SELECT "sequence" AS "newest" FROM audit_chain',
    );
    await server.database.execute(
      `INSERT INTO audit_events (sequence, id, action, ${others.join(', ')})
       WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2500)
       SELECT ${newest} + n, 'login-' || n, 'authn_login_success', ${others.join(', ')}
       FROM audit_events, numbers WHERE sequence = 1`,
    );
    await server.database.execute('UPDATE audit_chain SET sequence = sequence + 2500');

    const { body } = await server.client.request<{ items: EventDto[] }>('GET', '/events?type=token.created', {
      headers: asAdmin,
    });

    expect(body.items[0]?.data.tokens?.[0]?.id).toBe(token.id);
  });
});
