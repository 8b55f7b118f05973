import { describe, expect, it } from '@jest/globals';
import { ADMIN } from '../support/test-server.js';
import { useLimits } from './use-limits.js';

describe('limits', () => {
  const limits = useLimits();
  const { start, wrong, evaluated } = limits;

  // Covers B20 in docs/explanation/security.md.
  describe('the limit per account of POST /auth/login', () => {
    // Covers B5 in docs/explanation/security.md.
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

      await limits.server.stop();
      await start(10, 1000, { database: limits.server.database });

      expect(before).toEqual(['9', '8', '7', '9']);
      expect([await left('Admin'), await left('nobody')]).toEqual(['6', '8']);
    });
  });

  // Covers B21 in docs/explanation/security.md.
  describe('parallel logins', () => {
    it('accept 20 right passwords at a limit of 10, and evaluate no more wrong ones than the limit', async () => {
      await start(10);

      const right = await Promise.all(
        Array.from({ length: 20 }, () => limits.server.client.login(ADMIN.name, ADMIN.password)),
      );
      const guesses = await Promise.all(Array.from({ length: 200 }, () => wrong('admin')));

      expect(right.map(({ status }) => status)).toEqual(Array(20).fill(200));
      expect(await evaluated()).toBe(10);
      expect(guesses.filter(({ status }) => ![401, 429, 503].includes(status))).toEqual([]);
      expect(guesses.every(({ status, headers }) => status === 401 || headers.has('retry-after'))).toBe(true);
    });
  });
});
