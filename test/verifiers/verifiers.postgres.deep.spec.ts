import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ExplanationDto, type UserTokenDto } from '@latchkey/auth-models';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { ExampleProcess, type Example } from '../support/example-process.js';
import { newRole, newUser, PASSWORD } from '../support/factories.js';
import { describeIfInstalled, PYTHON_MISSING } from '../support/external-programs.js';
import { REJECTING } from '../support/rejected-requests.js';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { useReplicas } from '../support/use-replicas.js';
import { waitUntil } from '../support/wait-until.js';

const ORDERS = { name: 'orders', permissions: [{ name: 'orders:read', description: 'Read orders.' }] };
const IN_PYTHON: Example[] = PYTHON_MISSING === null ? ['flask', 'fastapi', 'django'] : [];
const FRAMEWORKS: Example[] = ['nest', 'express', 'fastify', ...IN_PYTHON];

const replicas = useReplicas();
let first: ServerProcess;
let second: ServerProcess;
let asAdmin: Headers;
let services: ExampleProcess[] = [];

/** Creates a user with permissions and returns an API token. */
async function createToken(...permissions: string[]): Promise<UserTokenDto> {
  const { client } = first;
  const role = newRole({ permissions });
  const { name } = newUser();
  expect((await client.createRole(role, asAdmin)).status).toBe(201);
  expect((await client.createUser(newUser({ name, roles: [role.name] }), asAdmin)).status).toBe(201);
  return (await client.createMyToken(await client.loginHeaders(name, PASSWORD))).body;
}

const statuses = (token: UserTokenDto) =>
  Promise.all(services.map(async (service) => (await service.get('/hello', tokenHeader(token))).status));

/** Revokes a token and waits until this is in effect everywhere. */
const revokeAndWait = ({ id }: UserTokenDto) =>
  first.client.request('DELETE', `/tokens/${id}`, { headers: { ...asAdmin, Prefer: 'wait=3' } });

/** Waits until all services answer requests with the token from memory. */
const warm = (token: UserTokenDto) =>
  waitUntil(async () => {
    const before = await Promise.all(services.map((service) => service.health()));
    await statuses(token);
    const after = await Promise.all(services.map((service) => service.health()));
    return after.every(({ local }, index) => local > (before[index]?.local ?? 0));
  });

beforeAll(async () => {
  [first, second] = [await replicas.startReceiving(), await replicas.startReceiving()];
  asAdmin = await replicas.asAdmin(first);
  const { token = '' } = await createToken('tokens:introspect');
  services = await Promise.all(
    FRAMEWORKS.map((name, index) =>
      ExampleProcess.start(name, [first, second][index % 2]!.client.baseUrl, token),
    ),
  );
});

afterAll(() => Promise.all([first.kill(), ...services.map((service) => service.stop())]));

// Lists what is missing. With Python, its services are among the others.
describeIfInstalled(PYTHON_MISSING, 'Services in Python', () => undefined);

describe('services with verifiers at two replicas', () => {
  it.each(FRAMEWORKS)(
    'send an id by which either replica explains why %s rejected a request',
    async (framework) => {
      const service = services[FRAMEWORKS.indexOf(framework)]!;
      const { client } = first;
      const permission = 'orders:read';
      const role = newRole({ permissions: [permission] });
      await client.createApi(ORDERS, asAdmin);
      await client.createRole(role, asAdmin);
      const server = { client, database: replicas.database, asAdmin, permission, role: role.name };
      const prepared = await Promise.all(
        REJECTING.map(async ({ cause, remedy, prepare }) => ({ cause, remedy, ...(await prepare(server)) })),
      );
      // The examples require no role.
      const requests = prepared.filter(({ demands }) => demands !== 'role');
      // At once, because verifiers report what they have rejected themselves only after a second.
      const traceIds = await Promise.all(
        requests.map(async ({ headers, demands }) =>
          (await service.get(demands ? '/orders' : '/hello', headers)).headers.get('x-request-id'),
        ),
      );
      const explained = [];
      for (const traceId of traceIds) {
        let body: Partial<ExplanationDto> = {};
        await waitUntil(
          async () => {
            const path = `/explanations/${traceId}`;
            const found = await client.request<ExplanationDto>('GET', path, { headers: asAdmin });
            ({ body } = found);
            return found.status === 200;
          },
          Boolean,
          { pauseMilliseconds: 100 },
        );
        explained.push({
          cause: body.cause,
          remedy: body.remedy?.kind,
          user: body.user,
          address: body.address,
          service: body.service !== undefined,
        });
      }

      expect(explained).toEqual(
        requests.map(({ cause, remedy, user }) => ({
          ...{ cause, remedy, user, address: '127.0.0.1' },
          service: true,
        })),
      );
      expect(explained.length).toBeGreaterThanOrEqual(24);
    },
  );

  it('accept no request after a revocation is in effect', async () => {
    for (let round = 0; round < 3; round += 1) {
      const token = await createToken();
      await warm(token);
      // Requests without a pause, some of which begin while the token is revoked.
      let effectiveAt = Infinity;
      let acceptedLate = 0;
      let accepted = 0;
      const clients = services.map(async (service) => {
        for (let status = 0; status !== 401;) {
          const startedAt = performance.now();
          ({ status } = await service.get('/hello', tokenHeader(token)));
          accepted += Number(status === 200);
          acceptedLate += Number(status === 200 && startedAt > effectiveAt);
        }
      });
      await waitUntil(() => accepted > 20);

      const { status, headers } = await revokeAndWait(token);
      effectiveAt = performance.now();
      expect([status, headers.get('preference-applied')]).toEqual([204, 'wait=3']);
      expect(await statuses(token)).toEqual(FRAMEWORKS.map(() => 401));
      await Promise.all(clients);

      expect(acceptedLate).toBe(0);
    }
  });

  it('return 503 while their replica is away, and then reject what was revoked meanwhile', async () => {
    const token = await createToken();
    await warm(token);
    const [service] = services as [ExampleProcess];
    const status = async () => (await service.get('/hello', tokenHeader(token))).status;

    await first.kill();
    await waitUntil(status, (current) => current === 503);
    await second.client.revokeToken(token.id, asAdmin);
    expect(await status()).toBe(503);
    first = await ServerProcess.start(
      serverOn(replicas.database),
      Number(new URL(first.client.baseUrl).port),
    );

    // It asks until the feed is connected again.
    await waitUntil(async () => {
      const current = await status();
      expect(current).not.toBe(200);
      return current === 401;
    });
    await waitUntil(async () => (await service.health()).fresh);
  });

  it('report each use once until they stop', async () => {
    const token = await createToken();
    // The events about the new token have arrived. Otherwise they could repeat the first request, which
    // counts as a use.
    await revokeAndWait(await createToken());
    let uses = 0;
    for (let round = 0; round < 40; round += 1) {
      const results = await statuses(token);
      expect(results).toEqual(FRAMEWORKS.map(() => 200));
      uses += results.length;
    }
    const health = await Promise.all(services.map((service) => service.health()));
    expect(health.map(({ local }) => local > 20)).toEqual(FRAMEWORKS.map(() => true));

    await Promise.all(services.map((service) => service.stop()));

    // Otherwise they write uses once a minute.
    await Promise.all([first.stop(), second.stop()]);
    const { client } = await replicas.start();
    const { body } = await client.tokenUsage(token.id, asAdmin);
    const counted = body.days.reduce((sum, day) => sum + day.uses, 0);
    expect(counted).toBe(uses);
  });
});
