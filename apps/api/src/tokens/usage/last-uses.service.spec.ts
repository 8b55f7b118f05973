import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type PresentedToken } from '../../common/request/principal.js';
import {
  add,
  addLastUses,
  clock,
  lastUses,
  MIDNIGHT,
  ORIGIN,
  output,
  pass,
  transaction,
  uses,
  useCountedUses,
} from '../../../../../test/support/unit/counted-uses.js';
import { TALLIES_MAX } from './last-uses.service.js';
import { type UnwrittenUses } from './token-usage.repository.js';

const TOKEN: PresentedToken = {
  id: 'a',
  expirationTime: null,
  expiryHeader: null,
  isSuperseded: false,
  scope: null,
};

useCountedUses();

/** Written uses, as `token day current superseded`. */
const written = () =>
  add.mock.calls
    .flatMap(([slice]) => slice)
    .map(
      ({ tokenId, day, current, superseded }: UnwrittenUses) =>
        `${tokenId} ${day} ${current?.count ?? 0} ${superseded?.count ?? 0}`,
    );

describe('LastUses', () => {
  it('writes the first uses soon and together', async () => {
    uses.note('a', ORIGIN);
    uses.note('b', ORIGIN);
    uses.note('a', { ...ORIGIN, address: '192.0.2.2', agent: undefined });
    expect(add).not.toHaveBeenCalled();

    await pass(250);

    expect(add).toHaveBeenCalledTimes(1);
    expect(add.mock.calls[0]?.[0][0]).toEqual({
      tokenId: 'a',
      day: 20_000,
      current: { count: 2, time: MIDNIGHT + 1_000, address: '192.0.2.2', agent: null, reporter: null },
      superseded: null,
      permissions: [],
      addresses: ['192.0.2.1', '192.0.2.2'],
      reported: [],
    });
    expect(written()).toEqual(['a 20000 2 0', 'b 20000 1 0']);
  });

  it('writes without an effect on the cached tokens', async () => {
    uses.note('a', ORIGIN);

    await uses.flush();

    expect(transaction).toHaveBeenCalledTimes(1);
    expect(transaction).toHaveBeenCalledWith(expect.any(Function), 'none');
  });

  it('counts the superseded secret separately', async () => {
    uses.note('a', ORIGIN, 'old');
    uses.note('a', ORIGIN);
    uses.note('a', ORIGIN, 'old');

    await pass(250);

    expect(written()).toEqual(['a 20000 1 2']);
  });

  it('writes the first use of the superseded secret soon, even after uses of the current one', async () => {
    uses.note('a', ORIGIN);
    await pass(250);
    uses.note('a', ORIGIN, 'old');
    await pass(250);
    uses.note('a', ORIGIN, 'old');
    await pass(250);

    expect(written()).toEqual(['a 20000 1 0', 'a 20000 0 1']);
  });

  it('distinguishes the superseded secret from an older one', async () => {
    add.mockRejectedValueOnce(new Error('disk full'));
    uses.note('a', ORIGIN, 'oldest');
    uses.note('a', ORIGIN, 'oldest');
    uses.note('a', ORIGIN, 'old');
    await uses.flush();
    uses.note('a', ORIGIN, 'old');
    await uses.flush();

    expect(add.mock.calls.map(([[one]]) => one?.superseded)).toMatchObject([
      { count: 3, digest: 'old', countOfDigest: 1 },
      { count: 4, digest: 'old', countOfDigest: 2 },
    ]);
  });

  it('writes a token in steady use once a minute, and counts each use', async () => {
    for (let second = 0; second < 180; second += 1) {
      uses.note('a', ORIGIN);
      await pass(1_000);
    }
    await uses.flush();

    expect(add.mock.calls.length).toBeLessThanOrEqual(5);
    expect(total()).toBe(180);
  });

  it('writes uses within a minute after it, even if none follows', async () => {
    uses.note('a', ORIGIN);
    await pass(250);
    uses.note('a', ORIGIN);
    await pass(50_000);
    expect(add).toHaveBeenCalledTimes(1);

    await pass(30_000);

    expect(written()).toEqual(['a 20000 1 0', 'a 20000 1 0']);
  });

  it('writes a use during a write a minute later', async () => {
    add.mockImplementationOnce(() => {
      uses.note('a', ORIGIN);
      return Promise.resolve();
    });
    uses.note('a', ORIGIN);
    await pass(250);
    await pass(50_000);
    expect(add).toHaveBeenCalledTimes(1);

    await pass(30_000);

    expect(written()).toEqual(['a 20000 1 0', 'a 20000 1 0']);
  });

  it('writes nothing for a token that is no longer used', async () => {
    uses.note('a', ORIGIN);
    await pass(250);

    await pass(120_000);

    expect(written()).toEqual(['a 20000 1 0']);
  });

  it('writes a token once after a write that takes longer than a sweep', async () => {
    add.mockImplementationOnce(() => new Promise((resolve) => void setTimeout(resolve, 20_000)));
    uses.note('a', ORIGIN);
    await pass(250);
    uses.note('b', ORIGIN);
    await pass(19_000);

    const flushed = uses.flush();
    await pass(1_000);
    await flushed;

    expect(written()).toEqual(['a 20000 1 0', 'b 20000 1 0']);
  });

  it('counts each day separately', async () => {
    clock.time = MIDNIGHT - 2;
    uses.note('a', ORIGIN);
    uses.note('a', ORIGIN);
    clock.time = MIDNIGHT;
    uses.note('a', ORIGIN);

    await uses.flush();

    expect(written()).toEqual(['a 19999 2 0', 'a 20000 1 0']);
    expect(add).toHaveBeenCalledTimes(2);
  });

  it('writes the last uses of a day if the next one is on the following day', async () => {
    clock.time = MIDNIGHT - 30_000;
    uses.note('a', ORIGIN);
    await pass(250);
    uses.note('a', ORIGIN);
    clock.time = MIDNIGHT;
    uses.note('a', ORIGIN);

    await uses.flush();

    expect(written()).toEqual(['a 19999 1 0', 'a 19999 1 0', 'a 20000 1 0']);
  });

  it('writes failed counts at the next write, those of yesterday too', async () => {
    add.mockRejectedValueOnce(new Error('disk full')).mockRejectedValueOnce(new Error('disk full'));
    clock.time = MIDNIGHT - 1;
    uses.note('a', ORIGIN);
    clock.time = MIDNIGHT;
    uses.note('a', ORIGIN);
    await uses.flush();
    expect(output).toContain('could not be written');
    add.mockClear();

    uses.note('a', ORIGIN);
    await uses.flush();

    expect(written()).toEqual(['a 19999 1 0', 'a 20000 2 0']);
  });

  it('logs the number of tokens and the error when a write fails', async () => {
    add.mockRejectedValueOnce(new Error('disk full'));
    uses.note('a', ORIGIN);
    uses.note('b', ORIGIN);

    await uses.flush();

    expect(JSON.parse(output)).toMatchObject({ tokens: 2, err: { message: 'disk full' } });
  });

  it('keeps the latest use when failed counts are restored', async () => {
    add.mockImplementationOnce(() => {
      clock.time += 5;
      uses.note('a', { ...ORIGIN, address: '192.0.2.7' });
      return Promise.reject(new Error('disk full'));
    });
    uses.note('a', ORIGIN);
    await uses.flush();
    add.mockClear();

    await uses.flush();

    expect(add.mock.calls[0]?.[0][0]?.current).toMatchObject({
      count: 2,
      time: MIDNIGHT + 1_005,
      address: '192.0.2.7',
    });
  });

  it('writes in slices, one after another', async () => {
    for (let index = 0; index < 250; index += 1) {
      uses.note(`token-${index}`, ORIGIN);
    }

    await uses.flush();

    expect(add.mock.calls.map(([slice]) => slice.length)).toEqual(Array(5).fill(50));
  });

  describe('while a transaction takes 10 ms', () => {
    const writes = () => add.mock.calls.length;

    beforeEach(async () => {
      add.mockImplementation(() => new Promise((resolve) => void setTimeout(resolve, 10)));
      for (let index = 0; index < 150; index += 1) {
        uses.note(`token-${index}`, ORIGIN);
      }
      await pass(250);
    });

    it('pauses for 90 ms after each', async () => {
      expect(writes()).toBe(1);
      await pass(99);
      expect(writes()).toBe(1);
      await pass(1);
      expect(writes()).toBe(2);
      await pass(100);
      expect(writes()).toBe(3);
    });

    it('pauses again after a flush', async () => {
      const flushed = uses.flush();
      await pass(30);
      await flushed;
      for (let index = 0; index < 100; index += 1) {
        uses.note(`later-${index}`, ORIGIN);
      }
      await pass(250);
      expect(writes()).toBe(4);

      await pass(99);
      expect(writes()).toBe(4);
      await pass(1);
      expect(writes()).toBe(5);
    });

    it('does not pause at shutdown', async () => {
      await pass(15);
      const stopped = uses.beforeApplicationShutdown();
      await pass(20);
      await stopped;

      expect(total()).toBe(150);
      expect(jest.getTimerCount()).toBe(0);
    });
  });

  it('writes all counts at shutdown, and leaves no timer', async () => {
    uses.note('a', ORIGIN);
    await pass(250);
    uses.note('a', ORIGIN);

    await uses.beforeApplicationShutdown();

    expect(written()).toEqual(['a 20000 1 0', 'a 20000 1 0']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('writes each address once a day, and at most 32', async () => {
    const use = (address: string) => uses.note('a', { ...ORIGIN, address });
    ['192.0.2.1', '192.0.2.2', '192.0.2.1', 'unknown'].forEach(use);
    await pass(60_000);
    Array.from({ length: 40 }, (_, index) => `192.0.2.${index + 1}`).forEach(use);
    await pass(60_000);
    ['192.0.2.1', '192.0.2.2'].forEach(use);
    await pass(60_000);

    expect(lastUses().map(({ addresses }) => addresses.length)).toEqual([2, 30, 0]);
  });

  it('writes each required permission in the scope of a token once a day', async () => {
    const token = { ...TOKEN, scope: 'orders:read orders:write @clerk' };
    const demand = (...permissions: string[]) => {
      uses.note('a', ORIGIN);
      uses.noteDemands(token, permissions);
    };
    demand('orders:read', 'users:read');
    demand('orders:read', 'orders:write');
    await pass(60_000);
    demand('orders:read');
    await pass(60_000);
    clock.time = MIDNIGHT + 86_400_000;
    demand('orders:read');
    await pass(60_000);

    expect(lastUses().map(({ day, permissions }) => [day, ...permissions])).toEqual([
      [20_000, 'orders:read', 'orders:write'],
      [20_000],
      [20_001, 'orders:read'],
    ]);
  });

  it('writes a required permission once a day, even if another token is used meanwhile', async () => {
    const token = { ...TOKEN, scope: 'orders:read' };
    uses.note('a', ORIGIN);
    uses.noteDemands(token, ['orders:read']);
    await uses.flush();
    uses.note('b', ORIGIN);
    uses.note('a', ORIGIN);
    uses.noteDemands(token, ['orders:read']);
    await uses.flush();

    expect(lastUses().flatMap(({ permissions }) => permissions)).toEqual(['orders:read']);
  });

  it('does not record permissions of a token whose use is not counted', async () => {
    uses.noteDemands({ ...TOKEN, scope: 'orders:read' }, ['orders:read']);

    await uses.flush();

    expect(add).not.toHaveBeenCalled();
  });

  it('does not record permissions of a token that is limited to roles, or to nothing', async () => {
    uses.note('a', ORIGIN);
    uses.noteDemands({ ...TOKEN, scope: '%clerk * @clerk' }, ['orders:read']);
    uses.noteDemands(TOKEN, ['orders:read']);
    await pass(250);

    expect(lastUses()[0]?.permissions).toEqual([]);
  });

  it('writes addresses and permissions with the next write if one fails', async () => {
    addLastUses.mockRejectedValueOnce(new Error('full'));
    uses.note('a', ORIGIN);
    uses.noteDemands({ ...TOKEN, scope: 'orders:read' }, ['orders:read']);
    await pass(250);
    uses.note('a', { ...ORIGIN, address: '192.0.2.2' });
    await pass(60_000);

    expect(lastUses()[1]).toMatchObject({
      permissions: ['orders:read'],
      addresses: ['192.0.2.1', '192.0.2.2'],
    });
  });

  describe('when the database rejects the uses of one token', () => {
    const invalid = (code: string) => Object.assign(new Error('out of range for type integer'), { code });

    it.each(['22003', '23514', 'SQLITE_CONSTRAINT_TRIGGER'])(
      'writes the others one by one after %s, and drops it with a log line',
      async (code) => {
        add.mockImplementation((slice) =>
          slice.some(({ tokenId }) => tokenId === 'token-7')
            ? Promise.reject(invalid(code))
            : Promise.resolve(),
        );
        for (let index = 0; index < 50; index += 1) {
          uses.note(`token-${index}`, ORIGIN);
        }
        await uses.flush();
        await uses.flush();

        expect(addLastUses.mock.calls.map(([slice]) => slice[0]?.tokenId)).toHaveLength(49);
        expect(output.match(/The uses of a token were dropped/g)).toHaveLength(1);
        expect(output).toContain('"tokenId":"token-7"');
      },
    );

    it.each([
      [{ current: 2, superseded: 0 }, [undefined, undefined]],
      [{ current: 0, superseded: 1 }, ['old']],
      [{ current: 1, superseded: 2 }, ['old', undefined, 'old']],
    ])('attempts a single one once, and logs its uses: %j', async (counts, digests) => {
      add.mockRejectedValueOnce(invalid('22003'));
      digests.forEach((digest) => uses.note('a', ORIGIN, digest));

      await uses.flush();

      expect(add).toHaveBeenCalledTimes(1);
      expect(JSON.parse(output)).toMatchObject({ tokenId: 'a', day: 20_000, uses: counts });
    });

    it('keeps those that fail for another reason meanwhile', async () => {
      add
        .mockRejectedValueOnce(invalid('22003'))
        .mockRejectedValueOnce(new Error('disk full'))
        .mockRejectedValueOnce(invalid('22003'));
      uses.note('a', ORIGIN);
      uses.note('b', ORIGIN);
      await uses.flush();
      add.mockClear();

      await uses.flush();

      expect(written()).toEqual(['a 20000 1 0']);
    });
  });

  it('writes early each time that very many tokens are in use, and loses no use', async () => {
    add.mockImplementationOnce(() => {
      uses.note('token-0', ORIGIN);
      return Promise.resolve();
    });
    for (let index = 0; index <= TALLIES_MAX; index += 1) {
      uses.note(`token-${index}`, ORIGIN);
    }
    await pass(0);
    expect(total()).toBeGreaterThanOrEqual(TALLIES_MAX);
    for (let index = 0; index <= TALLIES_MAX; index += 1) {
      uses.note(`later-${index}`, ORIGIN);
    }
    await pass(0);
    expect(total()).toBeGreaterThanOrEqual(2 * TALLIES_MAX);

    await uses.flush();

    expect(total()).toBe(2 * TALLIES_MAX + 3);
    expect(output).toBe('');
  });

  it('logs the number of uses that it could not count', async () => {
    for (let index = 0; index < 2 * TALLIES_MAX + 3; index += 1) {
      uses.note(`token-${index}`, ORIGIN);
    }

    await pass(250);

    expect(total()).toBe(2 * TALLIES_MAX);
    expect(output).toContain('"uses":3');
  });
});

function total(): number {
  return add.mock.calls
    .flatMap(([slice]) => slice)
    .reduce((sum, { current }) => sum + (current?.count ?? 0), 0);
}
