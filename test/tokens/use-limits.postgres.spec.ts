import { beforeAll, describe, expect, it } from '@jest/globals';
import { type CreateTokenDto } from '@latchkey/auth-models';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { IS_DEEP } from '../support/deep.js';
import { type ServerProcess } from '../support/server-process.js';
import { useReplicas } from '../support/use-replicas.js';
import { waitUntil } from '../support/wait-until.js';

/** Length of a window that has just begun. Windows begin at multiples of their length. */
function longWindow(): number {
  let seconds = 3_600;
  while ((Date.now() / 1_000) % seconds > 1_800) {
    seconds += 60;
  }
  return seconds;
}

const replicas = useReplicas();
let servers: [ServerProcess, ServerProcess];
let asAdmin: Headers;

beforeAll(async () => {
  servers = [await replicas.startReceiving(), await replicas.startReceiving()];
  asAdmin = await replicas.asAdmin(servers[0]);
});

const create = async (dto: CreateTokenDto): Promise<Headers> => {
  const { status, body } = await servers[0].client.createMyToken(asAdmin, dto);
  expect(status).toBe(201);
  return tokenHeader(body);
};

/**
 * Verifies a token on both replicas in turn, all at once, and returns the number of successes and the last
 * rejection.
 */
async function verifyAtOnce(count: number, headers: Headers) {
  const answers = await Promise.all(
    Array.from({ length: count }, (_, index) => servers[index % 2]!.client.verify(headers)),
  );
  const rejected = answers.filter(({ status }) => status !== 200);
  return { accepted: count - rejected.length, rejected };
}

describe('two replicas', () => {
  it('accept a token with maxUses 1 once, of 100 uses at the same time', async () => {
    const headers = await create({ maxUses: 1 });

    const { accepted, rejected } = await verifyAtOnce(100, headers);

    expect(accepted).toBe(1);
    expect(new Set(rejected.map(({ status }) => status))).toEqual(new Set([401]));
    expect(rejected[0]?.headers.get('www-authenticate')).toContain('error="token_used_up"');
  });

  it('accept exactly as many uses as are left, also when the limit changes meanwhile', async () => {
    const { body } = await servers[0].client.createMyToken(asAdmin, { maxUses: 30 });
    const headers = tokenHeader(body);

    const [uses, changed] = await Promise.all([
      verifyAtOnce(20, headers),
      servers[1].client.updateToken(body.id, { maxUses: 40 }, { ...asAdmin, 'If-Match': '*' }),
    ]);
    const rest = await verifyAtOnce(100, headers);

    expect(changed.status).toBe(200);
    expect([uses.accepted, rest.accepted]).toEqual([20, 20]);
  });

  describe('with a rate limit', () => {
    it.each([1, 7, ...(IS_DEEP ? [400] : []), 100])('accept at most %i uses in a window', async (limit) => {
      const headers = await create({ rateLimit: { limit, windowSeconds: longWindow() } });

      const { accepted, rejected } = await verifyAtOnce((IS_DEEP ? 10 : 4) * limit, headers);

      expect(accepted).toBeLessThanOrEqual(limit);
      // Each replica can keep a reservation, a fiftieth of the limit, that the other one lacks.
      expect(accepted).toBeGreaterThanOrEqual(limit - 2 * Math.floor(limit / 50));
      expect(new Set(rejected.map(({ headers: fields }) => fields.get('x-auth-error')))).toEqual(
        new Set(['rate_limited']),
      );
    });

    it('accept uses again after the limit is raised', async () => {
      const rateLimit = { limit: 5, windowSeconds: longWindow() };
      const { body } = await servers[0].client.createMyToken(asAdmin, { rateLimit });
      const headers = tokenHeader(body);
      for (const { client } of [...Array<ServerProcess>(5).fill(servers[0]), servers[1]]) {
        await client.verify(headers);
      }

      await servers[0].client.updateToken(
        body.id,
        { rateLimit: { ...rateLimit, limit: 1_000 } },
        { ...asAdmin, 'If-Match': '*' },
      );

      expect((await servers[0].client.verify(headers)).status).toBe(200);
      // The other replica uses its cached limit until the notification arrives.
      await waitUntil(
        () => servers[1].client.verify(headers),
        ({ status }) => status === 200,
      );
    });

    it('accept uses again in the next window', async () => {
      const headers = await create({ rateLimit: { limit: 3, windowSeconds: 1 } });
      await verifyAtOnce(20, headers);

      await waitUntil(
        () => servers[0].client.verify(headers),
        ({ status }) => status === 200,
      );
      await waitUntil(
        () => servers[1].client.verify(headers),
        ({ status }) => status === 200,
      );
    });
  });
});
