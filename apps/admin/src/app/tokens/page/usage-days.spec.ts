import { reportersOf, usageDays, usageOrigins } from './usage-days';

const NOW = Date.parse('2026-11-25T10:00:00Z');

describe('usageDays', () => {
  it('fills in days without use up to today', () => {
    const days = usageDays([{ date: '2026-11-24', uses: 3, supersededUses: 1 }], NOW);

    expect(days).toHaveLength(90);
    expect(days.slice(-2)).toEqual([
      { date: '2026-11-24', uses: 3, supersededUses: 1 },
      { date: '2026-11-25', uses: 0, supersededUses: 0 },
    ]);
    expect(days[0]?.date).toBe('2026-08-28');
  });
});

describe('usageOrigins', () => {
  const day = (date: string, lastUsageAddress: string, lastUsageAgent: string) => ({
    date,
    uses: 1,
    supersededUses: 0,
    lastUsageAddress,
    lastUsageAgent,
  });

  it('returns each address and user agent once with its last day', () => {
    expect(
      usageOrigins(
        [
          day('2026-11-01', '10.0.0.7', 'curl'),
          day('2026-11-02', '10.0.0.8', 'curl'),
          day('2026-11-03', '10.0.0.7', 'curl'),
        ],
        {},
      ),
    ).toEqual([
      { address: '10.0.0.7', agent: 'curl', date: '2026-11-03' },
      { address: '10.0.0.8', agent: 'curl', date: '2026-11-02' },
    ]);
  });

  it('returns a reported use beside one that the server saw', () => {
    const reported = { ...day('2026-11-02', '10.0.0.7', 'curl'), lastUsageReportedBy: 'orders (shop)' };

    expect(usageOrigins([day('2026-11-01', '10.0.0.7', 'curl'), reported], {})).toEqual([
      { address: '10.0.0.7', agent: 'curl', date: '2026-11-02', reportedBy: 'orders (shop)' },
      { address: '10.0.0.7', agent: 'curl', date: '2026-11-01' },
    ]);
  });

  it('includes the last use of both secrets', () => {
    const lastUse = (lastUsageTime: string, lastUsageAddress: string) => ({
      lastUsageTime,
      lastUsageAddress,
      lastUsageAgent: 'curl',
    });

    expect(
      usageOrigins([day('2026-11-01', '10.0.0.7', 'curl'), day('2026-11-03', '10.0.0.8', 'curl')], {
        ...lastUse('2026-11-03T08:00:00Z', '10.0.0.7'),
        superseded: {
          ...lastUse('2026-11-03T09:00:00Z', '10.0.0.8'),
          until: '2026-11-04T00:00:00Z',
          uses: 1,
        },
      }),
    ).toEqual([
      { address: '10.0.0.8', agent: 'curl', date: '2026-11-03' },
      { address: '10.0.0.7', agent: 'curl', date: '2026-11-03' },
    ]);
  });
});

describe('reportersOf', () => {
  const use = (address: string, reportedBy?: string) => ({ address, lastUseDate: '2030-01-31', reportedBy });

  it('returns the services that reported an address, unless the server has seen it', () => {
    const addresses = [
      use('192.0.2.1', 'orders (shop)'),
      use('192.0.2.2'),
      use('192.0.2.2', 'orders (shop)'),
      use('192.0.2.1', 'billing'),
      use('192.0.2.3'),
    ];

    expect([...reportersOf(addresses)]).toEqual([['192.0.2.1', '"orders (shop)", "billing"']]);
  });
});
