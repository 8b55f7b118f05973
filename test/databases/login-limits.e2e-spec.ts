import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { newUser, PASSWORD } from '../support/factories.js';
import { ADMIN, TestServer } from '../support/test-server.js';

let server: TestServer;

afterEach(() => server.remove());

const options = (perAccount: number, perAddress: number) => ({
  hasRealHashes: true,
  environment: {
    LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: String(perAccount),
    LATCHKEY_LOGIN_LIMIT_PER_ADDRESS: String(perAddress),
  },
});
const start = async (perAccount: number, perAddress = 1000) => {
  server = await TestServer.start(options(perAccount, perAddress));
};
const wrong = (name: string, headers = {}) => server.client.login(name, 'a wrong password', { headers });
const times = async <T>(count: number, ask: (index: number) => Promise<T>) => {
  const answers: T[] = [];
  for (let index = 0; index < count; index += 1) {
    answers.push(await ask(index));
  }
  return answers;
};
/** How many wrong passwords got as far as a hash. */
const evaluated = async () => {
  const rows = await server.database.query<{ count: number | string }>(
    `SELECT COUNT(*) + (SELECT "unknownNameFailures" FROM audit_chain) AS "count"
       FROM audit_events WHERE action = 'authn_login_fail'`,
  );
  return Number(rows[0]?.count);
};

// Requirement B20.
describe('the limit per account of POST /auth/login', () => {
  it('is sent in RateLimit and RateLimit-Policy', async () => {
    await start(3, 5);

    const answers = await times(2, () => wrong('admin'));

    expect(answers.map(({ headers }) => headers.get('ratelimit-policy'))).toEqual(
      Array(2).fill('"address";q=5;w=900, "account";q=3;w=900'),
    );
    expect(answers.map(({ headers }) => headers.get('ratelimit')?.replace(/t=\d+/g, 't='))).toEqual([
      '"address";r=4;t=, "account";r=2;t=',
      '"address";r=3;t=, "account";r=1;t=',
    ]);
  });

  it.each([
    ['known', 'admin'],
    ['unknown', 'nobody'],
  ])('returns 429 with Retry-After for a name that is %s, without a hash', async (_, name) => {
    await start(3);
    await times(3, () => wrong(name));
    const before = await evaluated();

    const { status, headers, body } = await wrong(name);

    expect([status, body.code]).toEqual([429, 'throttled']);
    expect(headers.get('retry-after')).toBe('1');
    expect(headers.get('ratelimit')).toContain('"account";r=0;t=1');
    expect(headers.has('www-authenticate')).toBe(false);
    expect(await evaluated()).toBe(before);
  });

  it('blocks the right password until Retry-After has passed', async () => {
    await start(3);
    await times(3, () => wrong('admin'));

    const refused = await server.client.login(ADMIN.name, ADMIN.password);
    await new Promise((resolve) => setTimeout(resolve, Number(refused.headers.get('retry-after')) * 1_000));
    const taken = await server.client.login(ADMIN.name, ADMIN.password);

    expect([refused.status, taken.status]).toEqual([429, 200]);
  });

  it('doubles the delay with each further failure', async () => {
    await start(1);
    await wrong('admin');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await wrong('admin');

    expect((await wrong('admin')).headers.get('retry-after')).toBe('2');
  });

  it('is reset by a success, and affects neither other names nor valid tokens', async () => {
    await start(3);
    const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
    const user = newUser();
    await server.client.createUser(user, headers);

    const first = [
      ...(await times(2, () => wrong('admin'))),
      await server.client.login(ADMIN.name, ADMIN.password),
    ];
    const second = await times(4, () => wrong('admin'));

    expect(first.map(({ status }) => status)).toEqual([401, 401, 200]);
    expect(second.map(({ status }) => status)).toEqual([401, 401, 401, 429]);
    expect((await server.client.login(user.name, PASSWORD)).status).toBe(200);
    expect((await server.client.me(headers)).status).toBe(200);
  });

  // Requirement B5.
  it('is shared by all spellings of a name, and survives a restart', async () => {
    await start(10);
    const left = async (name: string) =>
      /"account";r=(\d+)/.exec((await wrong(name)).headers.get('ratelimit') ?? '')?.[1];
    const before = [
      await left('admin'),
      await left('ADMIN'),
      await left('\uff41\uff44\uff4d\uff49\uff4e'),
      await left('nobody'),
    ];

    await server.stop();
    server = await TestServer.start({ ...options(10, 1000), database: server.database });

    expect(before).toEqual(['9', '8', '7', '9']);
    expect([await left('Admin'), await left('nobody')]).toEqual(['6', '8']);
  });
});

// Requirement B21.
describe('parallel log-ins', () => {
  it('accept 20 right passwords at a limit of 10, and evaluate no more wrong ones than the limit', async () => {
    await start(10);

    const right = await Promise.all(
      Array.from({ length: 20 }, () => server.client.login(ADMIN.name, ADMIN.password)),
    );
    const startTime = performance.now();
    const guesses = await Promise.all(Array.from({ length: 200 }, () => wrong('admin')));

    // One more after each delay that was over before all had been answered: after 1 s, 3 s, 7 s.
    const delays = Math.floor(Math.log2((performance.now() - startTime) / 1_000 + 1));
    expect(right.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(await evaluated()).toBeGreaterThanOrEqual(10);
    expect(await evaluated()).toBeLessThanOrEqual(10 + delays);
    expect(guesses.filter(({ status }) => ![401, 429, 503].includes(status))).toEqual([]);
    expect(guesses.every(({ status, headers }) => status === 401 || headers.has('retry-after'))).toBe(true);
  });
});

// Requirement B22.
describe('the limit per address of POST /auth/login', () => {
  it('counts failures of all names', async () => {
    await start(1000, 4);

    const answers = await times(5, (index) => wrong(`nobody-${index}`));

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 429]);
    const retry = Number(answers[4]?.headers.get('retry-after'));
    expect(retry).toBeGreaterThan(880);
    expect(retry).toBeLessThanOrEqual(900);
  });

  it('counts 1,000 forged addresses of an untrusted peer as one', async () => {
    await start(10_000, 100);
    const forged = (index: number) => {
      const address = `203.0.${index >> 8}.${index & 255}`;
      return {
        'X-Forwarded-For': address,
        'X-Real-IP': address,
        'CF-Connecting-IP': address,
        Forwarded: `for=${address}`,
      };
    };

    const answers: number[] = [];
    for (let index = 0; index < 1_000; index += 20) {
      const few = await Promise.all(
        Array.from({ length: 20 }, (_, offset) => wrong(`nobody-${index + offset}`, forged(index + offset))),
      );
      answers.push(...few.map(({ status }) => status));
    }

    expect(await evaluated()).toBe(100);
    expect(answers.filter((status) => status === 429)).toHaveLength(900);
  });

  it('counts wrong set-up secrets', async () => {
    await start(1000, 4);
    const setUp = () => server.client.setUp({ secret: 'wrong', password: PASSWORD });

    const answers = [...(await times(4, setUp)), await setUp()];

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 429]);
    expect(answers[4]?.headers.has('retry-after')).toBe(true);
    expect((await server.client.login(ADMIN.name, ADMIN.password)).status).toBe(429);
  });

  it('applies to POST /auth/set-up with any body', async () => {
    await start(1000, 4);
    const send = async (body: object) =>
      (await server.client.request('POST', '/auth/set-up', { body })).status;

    expect(await send({ nonsense: 1 })).toBe(422);
    await times(4, () => server.client.setUp({ secret: 'wrong', password: PASSWORD }));

    expect(await send({ nonsense: 1 })).toBe(429);
  });
});

// Requirement B25.
describe('Retry-After', () => {
  it('is exact: the next attempt after it is evaluated, 20 of 20 times', async () => {
    await start(1);
    const failUntilRefused = async (name: string) => {
      for (;;) {
        const { status, headers } = await wrong(name);
        if (status === 429) {
          return Number(headers.get('retry-after'));
        }
      }
    };

    const next = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const name = `nobody-${index}`;
        await pause((await failUntilRefused(name)) * 1_000);
        return (await wrong(name)).status;
      }),
    );

    expect(next).toEqual(Array(20).fill(401));
  });
});
