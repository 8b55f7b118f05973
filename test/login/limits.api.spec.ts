import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Clock } from '../../apps/api/src/common/clock.service.js';
import { type Headers } from '../support/api-client.js';
import { describeOnce, IS_DEEP } from '../support/deep.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { ADMIN } from '../support/test-server.js';
import { useServer } from '../support/use-server.js';
import { useLimits } from './use-limits.js';

/** Failed logins of an attack. */
const ATTACK = IS_DEEP ? 1_000 : 200;

describe('limits', () => {
  const limits = useLimits();
  const { start, wait, wrong, evaluated } = limits;
  const times = async <T>(count: number, ask: (index: number) => Promise<T>) => {
    const answers: T[] = [];
    for (let index = 0; index < count; index += 1) {
      answers.push(await ask(index));
    }
    return answers;
  };

  // Covers B20 in docs/explanation/security.md.
  describeOnce('the limit per account of POST /auth/login', () => {
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

      const rejected = await limits.server.client.login(ADMIN.name, ADMIN.password);
      wait(Number(rejected.headers.get('retry-after')));
      const taken = await limits.server.client.login(ADMIN.name, ADMIN.password);

      expect([rejected.status, taken.status]).toEqual([429, 200]);
    });

    it('doubles the delay with each further failure', async () => {
      await start(1);
      await wrong('admin');
      wait(1);
      await wrong('admin');

      expect((await wrong('admin')).headers.get('retry-after')).toBe('2');
    });

    it('is reset by a success, and affects neither other names nor valid tokens', async () => {
      await start(3);
      const headers = await limits.server.client.loginHeaders(ADMIN.name, ADMIN.password);
      const user = newUser();
      await limits.server.client.createUser(user, headers);

      const first = [
        ...(await times(2, () => wrong('admin'))),
        await limits.server.client.login(ADMIN.name, ADMIN.password),
      ];
      const second = await times(4, () => wrong('admin'));

      expect(first.map(({ status }) => status)).toEqual([401, 401, 200]);
      expect(second.map(({ status }) => status)).toEqual([401, 401, 401, 429]);
      expect((await limits.server.client.login(user.name, PASSWORD)).status).toBe(200);
      expect((await limits.server.client.me(headers)).status).toBe(200);
    });
  });

  // Covers B22 in docs/explanation/security.md.
  describe('the limit per address of POST /auth/login', () => {
    it('counts failures of all names', async () => {
      await start(1000, 4);

      const answers = await times(5, (index) => wrong(`nobody-${index}`));

      expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 429]);
      const retry = Number(answers[4]?.headers.get('retry-after'));
      expect(retry).toBeGreaterThan(880);
      expect(retry).toBeLessThanOrEqual(900);
    });

    it('counts requests for lost passwords, also those for unknown users', async () => {
      await start(1000, 4);

      const answers = await times(5, (index) =>
        limits.server.client.request('POST', '/auth/lost-password', {
          body: { user: ['admin', 'nobody'][index % 2] },
        }),
      );

      expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 429]);
      expect((await wrong('admin')).status).toBe(429);
    });

    it('counts many forged addresses of an untrusted peer as one', async () => {
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
      for (let index = 0; index < ATTACK; index += 20) {
        const few = await Promise.all(
          Array.from({ length: 20 }, (_, offset) =>
            wrong(`nobody-${index + offset}`, forged(index + offset)),
          ),
        );
        answers.push(...few.map(({ status }) => status));
      }

      expect(await evaluated()).toBe(100);
      expect(answers.filter((status) => status === 429)).toHaveLength(ATTACK - 100);
    });

    it('counts wrong set-up secrets', async () => {
      await start(1000, 4);
      const setUp = () => limits.server.client.setUp({ secret: 'wrong', password: PASSWORD });

      const answers = [...(await times(4, setUp)), await setUp()];

      expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 429]);
      expect(answers[4]?.headers.has('retry-after')).toBe(true);
      expect((await limits.server.client.login(ADMIN.name, ADMIN.password)).status).toBe(429);
    });

    it('applies to POST /auth/set-up with any body', async () => {
      await start(1000, 4);
      const send = async (body: object) =>
        (await limits.server.client.request('POST', '/auth/set-up', { body })).status;

      expect(await send({ nonsense: 1 })).toBe(422);
      await times(4, () => limits.server.client.setUp({ secret: 'wrong', password: PASSWORD }));

      expect(await send({ nonsense: 1 })).toBe(429);
    });
  });

  // Covers B25 in docs/explanation/security.md.
  describeOnce('Retry-After', () => {
    it('is exact: the next attempt after it is evaluated, 20 of 20 times', async () => {
      await start(1);
      const failUntilRejected = async (name: string) => {
        for (;;) {
          const { status, headers } = await wrong(name);
          if (status === 429) {
            return Number(headers.get('retry-after'));
          }
        }
      };

      const found: [number, number][] = [];
      for (let index = 0; index < 20; index += 1) {
        const name = `nobody-${index}`;
        const seconds = await failUntilRejected(name);
        wait(seconds - 0.001);
        const { status: early } = await wrong(name);
        wait(0.001);
        found.push([early, (await wrong(name)).status]);
      }

      expect(found).toEqual(Array(20).fill([429, 401]));
    });
  });
});

describe('known networks', () => {
  const HOME = '192.0.2.10';

  const server = useServer({
    environment: {
      LATCHKEY_TRUSTED_PROXIES: '127.0.0.1',
      LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: undefined,
      LATCHKEY_LOGIN_LIMIT_PER_ADDRESS: undefined,
    },
  });
  const from = (address: string) => ({ headers: { 'X-Forwarded-For': address } });
  const login = (address: string, password: string = ADMIN.password, name: string = ADMIN.name) =>
    server.client.login(name, password, from(address));
  let asAdmin: Headers;
  /** The time on the server, which only tests change, so that no delay expires by itself. */
  let now = Date.now();

  beforeAll(async () => {
    jest.spyOn(server.app.get(Clock), 'now').mockImplementation(() => now);
    asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  });

  // Covers B23 in docs/explanation/security.md.
  describe('many failed logins of one account', () => {
    it.each([
      ['one address', () => '203.0.113.66'],
      ['many addresses', (index: number) => `198.18.${index >> 8}.${index & 255}`],
    ])('from %s do not affect valid tokens or a known address', async (_, attacker) => {
      expect((await login(HOME)).status).toBe(200);
      let isOver = false;
      const attack = (async () => {
        const statuses: number[] = [];
        for (let index = 0; index < ATTACK; index += 20) {
          const answers = await Promise.all(
            Array.from({ length: 20 }, (_, offset) => login(attacker(index + offset), 'a wrong password')),
          );
          statuses.push(...answers.map(({ status }) => status));
        }
        isOver = true;
        return statuses;
      })();

      const owner: number[] = [];
      const verified: number[] = [];
      while (owner.length < 20 || !isOver) {
        owner.push((await login(HOME)).status);
        verified.push((await server.client.me(asAdmin)).status);
      }

      const statuses = await attack;
      expect(new Set(statuses)).toEqual(new Set([401, 429]));
      expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(20);
      expect([new Set(owner), new Set(verified)]).toEqual([new Set([200]), new Set([200])]);
      await server.client.liftThrottle(ADMIN.name, asAdmin);
    });

    it('block the right password from an unknown address until an administrator lifts the throttle', async () => {
      for (let index = 0, delay = 0; index < 50 && delay < 4; index += 1) {
        now += delay * 1_000;
        const { headers } = await login(`198.19.0.${index}`, 'a wrong password');
        delay = Number(headers.get('retry-after'));
      }
      const rejected = await login('192.0.2.77');

      await server.client.liftThrottle(ADMIN.name, asAdmin);

      expect([rejected.status, (await login('192.0.2.77')).status]).toEqual([429, 200]);
    });

    it('from a known address block only that address', async () => {
      const user = newUser();
      await server.client.createUser(user, asAdmin);
      await login(HOME, PASSWORD, user.name);

      for (let index = 0; index < 10; index += 1) {
        await login(HOME, 'a wrong password', user.name);
      }

      expect((await login(HOME, PASSWORD, user.name)).status).toBe(429);
      expect((await login('192.0.2.88', PASSWORD, user.name)).status).toBe(200);
    });
  });
});
