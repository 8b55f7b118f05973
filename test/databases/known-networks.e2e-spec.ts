import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { ADMIN } from '../support/test-server.js';
import { useServer } from '../support/use-server.js';

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

beforeAll(async () => {
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
});

// Requirement B23.
describe('1,000 failed log-ins of one account', () => {
  it.each([
    ['one address', () => '203.0.113.66'],
    ['a thousand addresses', (index: number) => `198.18.${index >> 8}.${index & 255}`],
  ])('from %s do not affect valid tokens or a known address', async (_, attacker) => {
    expect((await login(HOME)).status).toBe(200);
    let isOver = false;
    const attack = (async () => {
      const statuses: number[] = [];
      for (let index = 0; index < 1_000; index += 20) {
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, offset) => login(attacker(index + offset), 'a wrong password')),
        );
        statuses.push(...answers.map(({ status }) => status));
      }
      isOver = true;
      return statuses;
    })();

    const owner: { status: number; milliseconds: number }[] = [];
    const verified: number[] = [];
    while (owner.length < 20 || !isOver) {
      const start = performance.now();
      const { status } = await login(HOME);
      owner.push({ status, milliseconds: performance.now() - start });
      verified.push((await server.client.me(asAdmin)).status);
    }

    const statuses = await attack;
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    // Ten, and one after each delay that was over meanwhile.
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(20);
    expect(new Set(verified)).toEqual(new Set([200]));
    const inTime = owner.filter(({ status, milliseconds }) => status === 200 && milliseconds <= 2_000);
    expect(inTime.length).toBeGreaterThanOrEqual(0.95 * owner.length);
    await server.client.liftThrottle(ADMIN.name, asAdmin);
  });

  it('block the right password from an unknown address until an administrator lifts the throttle', async () => {
    let delay = 0;
    for (let index = 0; delay < 4; index += 1) {
      const { headers } = await login(`198.19.0.${index % 256}`, 'a wrong password');
      delay = Number(headers.get('retry-after'));
      await pause(delay * 50);
    }
    const refused = await login('192.0.2.77');

    await server.client.liftThrottle(ADMIN.name, asAdmin);

    expect([refused.status, (await login('192.0.2.77')).status]).toEqual([429, 200]);
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
