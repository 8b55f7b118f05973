import { describe, expect, it } from '@jest/globals';
import {
  add,
  addLastUses,
  clock,
  lastUses,
  MIDNIGHT,
  ORIGIN,
  pass,
  uses,
  useCountedUses,
} from '../../../../../test/support/unit/counted-uses.js';
import { TALLIES_MAX } from './last-uses.service.js';
import { USES_PER_DAY_MAX } from './token-usage.repository.js';

const YESTERDAY = MIDNIGHT - 1;

useCountedUses();

/** Written uses of the current secret, as `token day count`. */
const written = () =>
  add.mock.calls
    .flatMap(([slice]) => slice)
    .map(({ tokenId, day, current }) => `${tokenId} ${day} ${current?.count ?? 0}`);

describe('LastUses.noteReported', () => {
  it('counts what a verifier reports on the day of the use', async () => {
    uses.note('a', ORIGIN);
    uses.noteReported('a', ORIGIN, 2, YESTERDAY);
    uses.noteReportedDemands('a', ['orders:read'], YESTERDAY);
    uses.noteReported('a', ORIGIN, 3, MIDNIGHT);
    uses.noteReportedDemands('a', ['orders:write'], MIDNIGHT);
    await pass(250);

    expect(written()).toEqual(['a 20000 4', 'a 19999 2']);
    expect(lastUses().map(({ day, permissions }) => [day, ...permissions])).toEqual([
      [20_000, 'orders:write'],
      [19_999, 'orders:read'],
    ]);
    expect(add).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['the reported time', MIDNIGHT + 400, MIDNIGHT + 400],
    ['the current time for a use in the future', MIDNIGHT + 90_000, MIDNIGHT + 1_000],
  ])('records %s', async (_, time, recorded) => {
    uses.noteReported('a', ORIGIN, 1, time);
    await uses.flush();

    expect(lastUses()[0]?.current?.time).toBe(recorded);
  });

  it('keeps the newest use, whatever the order of the reports', async () => {
    const report = (time: number, address: string) =>
      uses.noteReported('a', { ...ORIGIN, address }, 1, MIDNIGHT + time);
    report(300, '192.0.2.1');
    report(500, '192.0.2.2');
    report(400, '192.0.2.3');
    await uses.flush();

    expect(lastUses()[0]?.current).toMatchObject({ count: 3, time: MIDNIGHT + 500, address: '192.0.2.2' });
  });

  it('keeps the use that was reported last, when two have the same time', async () => {
    uses.noteReported('a', ORIGIN, 1, clock.time);
    uses.noteReported('a', { ...ORIGIN, address: '192.0.2.2' }, 1, clock.time);
    await uses.flush();

    expect(lastUses()[0]?.current).toMatchObject({ count: 2, address: '192.0.2.2' });
  });

  it('records the name of the service', async () => {
    uses.noteReported('a', { ...ORIGIN, reporter: { id: 'orders', name: 'orders-service' } }, 1, clock.time);
    await uses.flush();

    expect(lastUses()[0]?.current?.reporter).toBe('orders-service');
  });

  it('causes one write a minute for a token, and not one for each report', async () => {
    uses.noteReported('a', ORIGIN, 1, clock.time);
    await pass(250);
    uses.noteReported('a', ORIGIN, 1, clock.time);
    await pass(250);
    expect(add).toHaveBeenCalledTimes(1);

    await pass(80_000);

    expect(written()).toEqual(['a 20000 1', 'a 20000 1']);
  });

  it('limits the counts of a day', async () => {
    for (let report = 0; report < 2_000; report += 1) {
      uses.noteReported('a', ORIGIN, 1_000_000_000, clock.time);
    }
    await uses.flush();

    expect(written()).toEqual([`a 20000 ${USES_PER_DAY_MAX}`]);
  });

  describe('for an earlier day', () => {
    it('writes each use of an earlier day, also one that is reported during a write', async () => {
      uses.noteReported('a', ORIGIN, 1, YESTERDAY);
      add.mockImplementationOnce(() => {
        uses.noteReported('a', ORIGIN, 2, YESTERDAY);
        return Promise.resolve();
      });
      await pass(250);
      await pass(250);
      uses.noteReported('a', ORIGIN, 4, YESTERDAY);
      await uses.flush();

      expect(written()).toEqual(['a 19999 1', 'a 19999 2', 'a 19999 4']);
    });

    it('keeps one tally of an earlier day while writes fail', async () => {
      add.mockRejectedValue(new Error('disk full'));
      for (let report = 0; report < 20; report += 1) {
        uses.noteReported('a', ORIGIN, 1, YESTERDAY);
        await pass(250);
      }
      add.mockReset().mockResolvedValue();
      await uses.flush();

      expect(written()).toEqual(['a 19999 20']);
    });

    it('counts each token and each day separately', async () => {
      uses.noteReported('a', ORIGIN, 1, YESTERDAY);
      uses.noteReported('b', ORIGIN, 2, YESTERDAY);
      uses.noteReported('a', ORIGIN, 4, YESTERDAY - 86_400_000);
      await uses.flush();

      expect(written()).toEqual(['a 19999 1', 'b 19999 2', 'a 19998 4']);
    });

    it('writes the uses once', async () => {
      uses.noteReported('a', ORIGIN, 1, YESTERDAY);
      await pass(250);
      await pass(120_000);

      expect(written()).toEqual(['a 19999 1']);
    });

    it('writes the uses once, even if the first write fails and another report follows', async () => {
      add.mockRejectedValueOnce(new Error('disk full'));
      uses.noteReported('a', ORIGIN, 1, YESTERDAY);
      await uses.flush();
      add.mockClear();
      clock.time += 60_000;
      uses.noteReported('a', ORIGIN, 2, YESTERDAY);
      await uses.flush();

      expect(written()).toEqual(['a 19999 3']);
    });

    it('writes a report once that arrives during a write of more than a minute', async () => {
      add.mockImplementationOnce(() => {
        clock.time += 60_000;
        uses.noteReported('a', ORIGIN, 2, YESTERDAY);
        return Promise.resolve();
      });
      uses.noteReported('a', ORIGIN, 1, YESTERDAY);
      await pass(250);
      await pass(250);

      expect(written()).toEqual(['a 19999 1', 'a 19999 2']);
    });

    it('drops uses of further tokens while very many wait to be written', async () => {
      for (let index = 0; index < TALLIES_MAX; index += 1) {
        uses.noteReported(`token-${index}`, ORIGIN, 1, YESTERDAY);
      }
      uses.noteReported('further', ORIGIN, 1, YESTERDAY);
      uses.noteReportedDemands('further', ['orders:read'], YESTERDAY);
      uses.noteReported('token-0', ORIGIN, 1, YESTERDAY);
      await uses.flush();

      const lines = written();
      expect(lines).toHaveLength(TALLIES_MAX);
      expect(lines[0]).toBe('token-0 19999 2');
      expect(lines.at(-1)).toBe(`token-${TALLIES_MAX - 1} 19999 1`);
    });
  });

  describe('addresses that services report', () => {
    const reporter = (id: string) => ({ id, name: `${id}-service` });
    const reportFrom = (address: string, id: string, token = 'a') =>
      uses.noteReported(token, { ...ORIGIN, address, reporter: reporter(id) }, 1, clock.time);
    const addresses = (count: number) =>
      Array.from({ length: count }, (_, index) => `2001:db8::${index.toString(16)}`);
    const reported = () => addLastUses.mock.calls.flatMap(([slice]) => slice.flatMap((one) => one.reported));

    it('leave room for those that the server saw, and for those of other services', async () => {
      addresses(400).forEach((address) => reportFrom(address, 'orders'));
      uses.note('a', ORIGIN);
      reportFrom('192.0.2.7', 'billing');
      await pass(250);

      expect(lastUses()[0]?.addresses).toEqual(['192.0.2.1']);
      expect(reported().filter(({ id }) => id === 'orders')).toHaveLength(32);
      expect(reported().at(-1)).toEqual({ ...reporter('billing'), address: '192.0.2.7' });
    });

    it('are part of the next write if one fails', async () => {
      addLastUses.mockRejectedValueOnce(new Error('full'));
      reportFrom('192.0.2.7', 'orders');
      await uses.flush();
      addLastUses.mockClear();
      reportFrom('192.0.2.7', 'orders');
      await uses.flush();

      expect(reported()).toEqual([{ ...reporter('orders'), address: '192.0.2.7' }]);
    });

    it('are written once a day', async () => {
      reportFrom('192.0.2.7', 'orders');
      await pass(250);
      reportFrom('192.0.2.7', 'orders');
      reportFrom('192.0.2.7', 'billing');
      await pass(60_000);
      expect(reported().map(({ id }) => id)).toEqual(['orders', 'billing']);

      await pass(86_400_000);
      reportFrom('192.0.2.7', 'orders');
      await uses.flush();

      expect(reported()).toHaveLength(3);
    });

    it('are at most 20,000 of each service until the next sweep', async () => {
      for (let token = 0; token < 700; token += 1) {
        addresses(32).forEach((address) => reportFrom(address, 'orders', `token-${token}`));
      }
      reportFrom('192.0.2.7', 'billing');
      await uses.flush();
      expect(reported().filter(({ id }) => id === 'orders')).toHaveLength(20_000);
      expect(reported().filter(({ id }) => id === 'billing')).toHaveLength(1);

      await pass(15_000);
      reportFrom('192.0.2.8', 'orders');
      await uses.flush();

      expect(reported().at(-1)?.address).toBe('192.0.2.8');
    });

    it('are part of the next write if one fails, without those that are already written', async () => {
      reportFrom('192.0.2.7', 'orders');
      await uses.flush();
      addLastUses.mockRejectedValueOnce(new Error('full'));
      reportFrom('192.0.2.8', 'orders');
      await uses.flush();
      addLastUses.mockClear();
      reportFrom('192.0.2.7', 'orders');
      await uses.flush();

      expect(reported()).toEqual([{ ...reporter('orders'), address: '192.0.2.8' }]);
    });

    it('are at most 256 of a token in a write', async () => {
      for (let service = 0; service < 9; service += 1) {
        addresses(32).forEach((address) => reportFrom(address, `service-${service}`));
      }
      await uses.flush();

      expect(reported()).toHaveLength(256);
    });

    it('are written again after the first 64 of a token', async () => {
      const reportAll = () =>
        ['orders', 'billing', 'stock'].forEach((id) =>
          addresses(32).forEach((address) => reportFrom(address, id)),
        );
      reportAll();
      await uses.flush();
      addLastUses.mockClear();
      reportAll();
      await uses.flush();

      expect(reported().map(({ id }) => id)).toEqual(Array(32).fill('stock'));
    });

    it('are IP addresses', async () => {
      reportFrom('unknown', 'orders');
      reportFrom('192.0.2.7', 'orders');
      await uses.flush();

      expect(reported().map(({ address }) => address)).toEqual(['192.0.2.7']);
    });
  });
});

describe('LastUses.noteReportedDemands', () => {
  const written = () => lastUses().flatMap(({ permissions }) => permissions);

  it('writes nothing without a permission', async () => {
    uses.noteReportedDemands('a', [], clock.time);
    await uses.flush();

    expect(add).not.toHaveBeenCalled();
  });

  it('writes permissions without uses', async () => {
    uses.noteReported('a', ORIGIN, 1, clock.time);
    await uses.flush();
    uses.noteReportedDemands('a', ['orders:read'], clock.time);
    await uses.flush();

    expect(written()).toEqual(['orders:read']);
  });

  it('causes one write a minute for a token, and not one for each report', async () => {
    uses.noteReportedDemands('a', ['orders:read'], clock.time);
    await pass(250);
    uses.noteReportedDemands('a', ['orders:write'], clock.time);
    await pass(250);
    expect(written()).toEqual(['orders:read']);

    await pass(80_000);

    expect(written()).toEqual(['orders:read', 'orders:write']);
  });

  it('writes at most 500 permissions of a token, each once', async () => {
    const permissions = Array.from({ length: 501 }, (_, index) => `orders-${index}:read`);
    uses.noteReportedDemands('a', ['orders-0:read', 'orders-0:read'], clock.time);
    uses.noteReportedDemands('a', permissions, clock.time);
    await uses.flush();

    expect(written()).toEqual(permissions.slice(0, 500));
  });
});
