import { beforeEach, describe, expect, it } from '@jest/globals';
import { throttleInMemory } from '../../../../test/support/throttle-in-memory.js';
import { type AuditTallies, type TallyRecord } from '../audit/counts/audit-tallies.js';
import { AccountFinder } from './account-finder.js';
import { type ThrottleService } from './throttle.service.js';
import { ThrottledTries } from './throttled-tries.js';

let records: TallyRecord[];
/** What they are counted under, and for how long. */
let tallied: string[];
let throttle: ThrottleService;

beforeEach(() => {
  records = [];
  tallied = [];
  const tallies = {
    count: (key: string, milliseconds: number, record: TallyRecord) => {
      tallied.push(`${key}, ${milliseconds} ms`);
      records.push(record);
    },
  } as AuditTallies;
  const accounts = new AccountFinder();
  accounts.use((name) => Promise.resolve(name === 'anne' ? { id: 'id-anne', name } : null));
  throttle = throttleInMemory({ perAccount: 3, perAddress: 5, tries: new ThrottledTries(tallies, accounts) });
});

async function fail(count: number, name: string, address = '192.0.2.1'): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await (await throttle.admit(address, name)).fail();
  }
}

/** What is to be recorded of the tries that were throttled. */
const recorded = () => Promise.all(records.map(async (record) => record()));

describe('tries that are throttled', () => {
  it('are counted for the account', async () => {
    await fail(3, 'anne');

    await expect(throttle.admit('192.0.2.1', 'anne')).rejects.toMatchObject({ code: 'throttled' });

    expect(await recorded()).toEqual([
      {
        action: 'excess_rate_limit_exceeded',
        outcome: 'failure',
        subject: { kind: 'user', id: 'id-anne', name: 'anne' },
      },
    ]);
  });

  it('are recorded for nobody when nobody has the name', async () => {
    await fail(3, 'nobody');

    await expect(throttle.admit('192.0.2.1', 'nobody')).rejects.toMatchObject({ code: 'throttled' });

    expect(await recorded()).toEqual([undefined]);
  });

  it('are counted for the network, whether or not they name anybody', async () => {
    await fail(2, 'anne', '2001:db8::1');
    await fail(3, 'bert', '2001:db8::1');

    await expect(throttle.admit('2001:db8::2', 'cleo')).rejects.toMatchObject({ code: 'throttled' });
    await expect(throttle.admit('2001:db8::3')).rejects.toMatchObject({ code: 'throttled' });

    const entry = {
      action: 'excess_rate_limit_exceeded',
      outcome: 'failure',
      subject: { kind: 'address', id: null, name: '2001:db8::/64' },
      origin: { address: '2001:db8::/64' },
    };
    expect(await recorded()).toEqual([entry, entry]);
  });

  it('are counted for a quarter of an hour, each account and each network by itself', async () => {
    await fail(3, 'anne');
    await expect(throttle.admit('192.0.2.1', 'anne')).rejects.toThrow();
    await fail(2, 'bert');
    await expect(throttle.admit('192.0.2.1', 'cleo')).rejects.toThrow();

    expect(tallied).toEqual(['tries for anne, 900000 ms', 'tries from 192.0.2.1, 900000 ms']);
  });

  it('count no more of a name than 256 characters', async () => {
    await fail(3, 'x'.repeat(300));

    await expect(throttle.admit('192.0.2.1', 'x'.repeat(300))).rejects.toThrow();

    expect(tallied).toEqual([`tries for ${'x'.repeat(256)}, 900000 ms`]);
  });

  it('are recorded for nobody as long as nobody can say who has a name', async () => {
    await expect(new AccountFinder().find('anne')).resolves.toBeNull();
  });

  it('are none as long as tries are let through', async () => {
    await fail(2, 'anne');
    (await throttle.admit('192.0.2.1', 'anne')).abandon();

    expect(await recorded()).toEqual([]);
  });
});
