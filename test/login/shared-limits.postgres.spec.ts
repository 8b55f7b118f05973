import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { type ServerProcess } from '../support/server-process.js';
import { useReplicas } from '../support/use-replicas.js';
import { waitUntil } from '../support/wait-until.js';

const replicas = useReplicas();
const ENVIRONMENT = {
  LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: '10',
  LATCHKEY_LOGIN_LIMIT_PER_ADDRESS: '100',
  LATCHKEY_TRUSTED_PROXIES: '127.0.0.1',
};

let servers: [ServerProcess, ServerProcess];
let asAdmin: Headers;
/** User of one test. */
let name: string;
/** Number of the test, from whose address its logins come. */
let test = 0;

beforeAll(async () => {
  servers = [await replicas.start(ENVIRONMENT), await replicas.start(ENVIRONMENT)];
  asAdmin = await replicas.asAdmin(servers[0]);
});

beforeEach(async () => {
  test += 1;
  ({ name } = newUser());
  await servers[0].client.createUser({ name, password: PASSWORD }, asAdmin);
});

const login = (index: number, user: string, password = 'a wrong password') =>
  servers[index % 2]!.client.login(user, password, { headers: { 'X-Forwarded-For': `192.0.2.${test}` } });
const statuses = async (count: number, user: (index: number) => string) =>
  (await Promise.all(Array.from({ length: count }, (_, index) => login(index, user(index))))).map(
    ({ status }) => status,
  );
const times = (answers: readonly number[], wanted: number) =>
  answers.filter((status) => status === wanted).length;

// Covers B22 in docs/explanation/security.md.
describe('two replicas', () => {
  it('evaluate no more parallel guesses for an account than the limit of each', async () => {
    const start = performance.now();

    const answers = await statuses(200, () => name);

    // Neither replica sees the attempts of the other until they are recorded, which takes long on a busy
    // machine. Each also allows one more attempt after each delay that ended during the test: after 1 s, 3 s,
    // 7 s.
    const delays = Math.floor(Math.log2((performance.now() - start) / 1_000 + 1));
    expect(times(answers, 401)).toBeGreaterThanOrEqual(10);
    expect(times(answers, 401)).toBeLessThanOrEqual(2 * (10 + delays));
    expect(answers.filter((status) => ![401, 429, 503].includes(status))).toEqual([]);
  });

  it('exceed the limit of an address by at most a tenth', async () => {
    const answers: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      answers.push(...(await statuses(50, (index) => `nobody-${round}-${index}`)));
    }

    expect(times(answers, 401)).toBeGreaterThanOrEqual(100);
    expect(times(answers, 401)).toBeLessThanOrEqual(110);
    expect(answers.at(-1)).toBe(429);
  });

  it('block what the other one has counted, also after a restart', async () => {
    for (let index = 0; index < 12; index += 1) {
      await login(0, name);
      await login(1, name);
    }
    const other = await login(1, name, PASSWORD);

    await servers[1].kill();
    servers[1] = await replicas.start(ENVIRONMENT);
    const restarted = await login(1, 'nobody');

    expect(other.status).toBe(429);
    expect(restarted.headers.get('ratelimit')).toMatch(/"address";r=[0-8]\d;/);
  });

  it('accept a login soon after the other one has lifted its throttle', async () => {
    await statuses(30, () => name);
    expect((await login(1, name)).status).toBe(429);

    expect((await servers[0].client.liftThrottle(name, asAdmin)).status).toBe(204);

    await waitUntil(
      () => login(1, name),
      ({ status }) => status === 401,
      { pauseMilliseconds: 100 },
    );
  });
});
