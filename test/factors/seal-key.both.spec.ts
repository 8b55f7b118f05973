import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { SealingKey } from '../../apps/api/src/audit/keys/sealing-key.js';
import { FactorSeal } from '../../apps/api/src/factors/factor-seal.service.js';
import { type SealKeyRotated } from '../../apps/api/src/factors/seal-key-rotation.service.js';
import { SecondFactor } from '../../apps/api/src/factors/second-factor.entity.js';
import { SecondFactorsRepository } from '../../apps/api/src/factors/second-factors.repository.js';
import { Writes } from '../../apps/api/src/platform/database/writes.service.js';
import { ADMIN } from '../support/factories.js';
import { Operator } from '../support/operator.js';
import { TestServer } from '../support/test-server.js';

const OLD = Buffer.alloc(32, 1).toString('base64');
const NEW = Buffer.alloc(32, 2).toString('base64');
const NEW_ID = SealingKey.parse(NEW)?.id;
const FACTORS = 450;
/** All factors and one webhook. */
const SECRETS = FACTORS + 1;

describe('a rotation of the seal key', () => {
  let server: TestServer;
  let operator: Operator;

  beforeEach(async () => {
    await start(OLD);
    const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
    const webhook = { name: 'hook', kind: 'webhook', url: 'http://127.0.0.1:1/', types: ['token.leaked'] };
    expect((await server.client.request('POST', '/event-targets', { headers, body: webhook })).status).toBe(
      201,
    );
    const [{ id: userId } = { id: '' }] = await server.database.query<{ id: string }>(
      'SELECT "id" FROM "users"',
    );
    const seal = server.app.get(FactorSeal, { strict: false });
    const factors = Array.from({ length: FACTORS }, () => ({
      id: uuid(),
      userId,
      kind: 'totp' as const,
      sealedSecret: seal.seal(Buffer.alloc(20), userId),
      lastStep: 0,
      creationTime: Date.now(),
      confirmationTime: Date.now(),
      lastUsedTime: null,
    }));
    await server.app.get(Writes).transaction((tx) => tx.insert(SecondFactor, factors), 'none');
    await restart(`${NEW},${OLD}`);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    operator.remove();
    await server.remove();
  });

  async function start(keys: string, from?: TestServer): Promise<void> {
    server = await TestServer.start({
      environment: { LATCHKEY_SEAL_KEY: keys, LATCHKEY_EVENT_HOSTS: '127.0.0.1' },
      ...(from && { database: from.database }),
    });
    operator = await Operator.of(server);
  }

  async function restart(keys: string): Promise<void> {
    operator.remove();
    await server.stop();
    await start(keys, server);
  }

  async function rotate() {
    const { status, text } = await operator.send('POST', '/operator/seal-keys', {});
    return { status, body: JSON.parse(text) as SealKeyRotated };
  }

  const all = () =>
    server.database.query<{ userId: string; sealedSecret: string }>(
      'SELECT "userId", "sealedSecret" FROM "second_factors"',
    );

  const countOf = async (keyId = '') =>
    (await all()).filter(({ sealedSecret }) => sealedSecret.startsWith(`${keyId}:`)).length;

  it('that is interrupted keeps every secret readable, and the next one completes it', async () => {
    const repository = server.app.get(SecondFactorsRepository, { strict: false });
    const reseal = repository.reseal.bind(repository);
    let calls = 0;
    const failing = jest.spyOn(repository, 'reseal').mockImplementation(async (...change) => {
      calls += 1;
      if (calls === 250) {
        throw new Error('Interrupted');
      }
      await reseal(...change);
    });

    const interrupted = await rotate();
    failing.mockRestore();
    const seal = server.app.get(FactorSeal, { strict: false });
    const unreadable = (await all()).filter((factor) => !seal.open(factor.sealedSecret, factor.userId));

    expect(interrupted.status).toBe(500);
    expect([await countOf(NEW_ID), unreadable]).toEqual([200, []]);
    expect(await rotate()).toMatchObject({ status: 200, body: { secrets: SECRETS - 200 } });
    expect(await countOf(NEW_ID)).toBe(FACTORS);
  });

  it('leaves a secret alone that was replaced in the meantime', async () => {
    const repository = server.app.get(SecondFactorsRepository, { strict: false });
    const findByIds = repository.findByIds.bind(repository);
    jest.spyOn(repository, 'findByIds').mockImplementationOnce(async (ids, tx) => {
      const factors = await findByIds(ids, tx);
      await tx.update(SecondFactor, { id: factors[0]?.id }, { sealedSecret: 'replaced' });
      return factors;
    });

    await rotate();

    expect([
      await countOf(NEW_ID),
      (await all()).filter((row) => row.sealedSecret === 'replaced').length,
    ]).toEqual([FACTORS - 1, 1]);
  });

  it('counts secrets that no key decrypts, and does not change them', async () => {
    expect(server.log).not.toContain('No key of this server');
    await restart(`${NEW},${Buffer.alloc(32, 3).toString('base64')}`);

    expect(server.log).toContain(`No key of this server decrypts ${SECRETS} secrets of authenticator apps`);
    expect(await rotate()).toMatchObject({ body: { secrets: 0, unreadable: SECRETS } });
    expect(await countOf(SealingKey.parse(OLD)?.id)).toBe(FACTORS);
  });
});
