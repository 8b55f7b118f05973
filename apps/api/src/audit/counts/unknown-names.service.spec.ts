import { beforeEach, expect, describe, it } from '@jest/globals';
import { type AuditTallies, type TallyRecord } from './audit-tallies.service.js';
import { UnknownNames } from './unknown-names.service.js';

const MINUTE = 60_000;

let now: number;
/** Entries by the key of their tally. */
let tallied: Map<string, TallyRecord>;
let unknownNames: UnknownNames;

beforeEach(() => {
  now = 1;
  tallied = new Map();
  const tallies = {
    count: (key: string, _: number, record: TallyRecord) => void tallied.set(key, record),
  } as AuditTallies;
  unknownNames = new UnknownNames(tallies, { now: () => now });
});

const logInFrom = (address: string) =>
  unknownNames.record({ address, agent: 'curl/8.5', traceId: 'trace-1' });
const logInFromMany = (count: number, prefix = '192.0.2') => {
  Array.from({ length: count }, (_, index) => logInFrom(`${prefix}.${index}`));
};

describe('UnknownNames', () => {
  it('records the network and the user agent, but not the name', async () => {
    logInFrom('2001:db8::1');
    logInFrom('2001:db8::2');

    expect(await Promise.all([...tallied.values()].map(async (record) => record()))).toEqual([
      {
        action: 'authn_login_fail',
        outcome: 'failure',
        subject: { kind: 'address', id: null, name: '2001:db8::/64' },
        origin: { address: '2001:db8::/64' },
        after: { reason: 'unknown_name', userAgent: 'curl/8.5' },
      },
    ]);
  });

  it('records ten networks in two minutes, and the others together', async () => {
    logInFromMany(200);

    expect([...tallied.keys()].slice(-2)).toEqual([
      'unknown names from 192.0.2.9',
      'unknown names from other networks',
    ]);
    expect(tallied.size).toBe(11);
    expect(await tallied.get('unknown names from other networks')?.()).toEqual({
      action: 'authn_login_fail',
      outcome: 'failure',
      subject: { kind: 'address', id: null, name: 'other networks' },
      after: { reason: 'unknown_name' },
    });
  });

  it('records ten other networks in the next two minutes', () => {
    logInFromMany(11);
    now += 2 * MINUTE;

    logInFromMany(11, '198.51.100');

    expect(tallied.size).toBe(21);
  });
});
