import { beforeEach, describe, expect, it } from '@jest/globals';
import { admit, throttleInMemory } from '../../../../test/support/unit/throttle-in-memory.js';
import { type AuditTallies, type TallyRecord } from '../audit/counts/audit-tallies.service.js';
import { codesOf, type ThrottleService } from './throttle.service.js';
import { ThrottleAudit, type AccountFinder } from './throttle-audit.service.js';

let records: TallyRecord[];
/** Keys and windows of the tallies. */
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
  const accounts: AccountFinder = {
    findByName: (name) => Promise.resolve(name === 'anne' ? { id: 'id-anne', name } : null),
  };
  throttle = throttleInMemory({ perAccount: 3, perAddress: 5, audit: new ThrottleAudit(tallies, accounts) });
});

async function fail(count: number, name: string, address = '192.0.2.1'): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await (await admit(throttle, address, name)).fail();
  }
}

/** Returns the audit entries of the throttled attempts. */
const recorded = () => Promise.all(records.map(async (record) => record()));

describe('ThrottleAudit', () => {
  it('records the account', async () => {
    await fail(3, 'anne');

    await expect(admit(throttle, '192.0.2.1', 'anne', 'curl/8.5')).rejects.toMatchObject({
      code: 'throttled',
    });

    expect(await recorded()).toEqual([
      {
        action: 'excess_rate_limit_exceeded',
        outcome: 'failure',
        subject: { kind: 'user', id: 'id-anne', name: 'anne' },
        after: { reason: 'throttled', userAgent: 'curl/8.5' },
      },
    ]);
  });

  it('records nothing when no user has the name', async () => {
    await fail(3, 'nobody');

    await expect(admit(throttle, '192.0.2.1', 'nobody')).rejects.toMatchObject({ code: 'throttled' });

    expect(await recorded()).toEqual([undefined]);
  });

  it('records the network, with and without a name', async () => {
    await fail(2, 'anne', '2001:db8::1');
    await fail(3, 'bert', '2001:db8::1');

    await expect(admit(throttle, '2001:db8::2', 'cleo', 'curl/8.5')).rejects.toMatchObject({
      code: 'throttled',
    });
    await expect(admit(throttle, '2001:db8::3', undefined, 'curl/8.5')).rejects.toMatchObject({
      code: 'throttled',
    });

    const entry = {
      action: 'excess_rate_limit_exceeded',
      outcome: 'failure',
      subject: { kind: 'address', id: null, name: '2001:db8::/64' },
      origin: { address: '2001:db8::/64' },
      after: { reason: 'throttled', userAgent: 'curl/8.5' },
    };
    expect(await recorded()).toEqual([entry, entry]);
  });

  it('uses one tally per account and per network, for 15 minutes', async () => {
    await fail(3, 'anne');
    await expect(admit(throttle, '192.0.2.1', 'anne')).rejects.toThrow();
    await fail(2, 'bert');
    await expect(admit(throttle, '192.0.2.1', 'cleo')).rejects.toThrow();

    expect(tallied).toEqual(['attempts for anne, 900000 ms', 'attempts from 192.0.2.1, 900000 ms']);
  });

  it('cuts names to 256 characters', async () => {
    await fail(3, 'x'.repeat(300));

    await expect(admit(throttle, '192.0.2.1', 'x'.repeat(300))).rejects.toThrow();

    expect(tallied).toEqual([`attempts for ${'x'.repeat(256)}, 900000 ms`]);
  });

  it('counts wrong codes of second factors for the name of the user', async () => {
    for (let index = 0; index < 5; index += 1) {
      await fail(1, codesOf('anne'), `192.0.2.${index}`);
    }

    await expect(admit(throttle, '192.0.2.1', codesOf('anne'))).rejects.toMatchObject({ code: 'throttled' });

    expect(tallied).toEqual(['attempts for anne, 900000 ms']);
  });

  it('records nothing while attempts are admitted', async () => {
    await fail(2, 'anne');
    (await admit(throttle, '192.0.2.1', 'anne')).end();

    expect(await recorded()).toEqual([]);
  });
});
