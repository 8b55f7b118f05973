import { oldSecretUse } from './old-secret-use';

const NOW = Date.parse('2026-11-25T10:00:00Z');

describe('oldSecretUse', () => {
  it.each([
    ['unused', { until: '2026-11-26T10:00:00Z', uses: 0 }],
    ['used', { until: '2026-11-26T10:00:00Z', uses: 2, lastUsageTime: '2026-11-25T09:57:00Z' }],
    ['quiet', { until: '2026-11-26T10:00:00Z', uses: 2, lastUsageTime: '2026-11-24T09:59:00Z' }],
    ['over', { until: '2026-11-25T09:00:00Z', uses: 0 }],
    ['over', { until: '2026-11-25T09:00:00Z', uses: 2, lastUsageTime: '2026-11-23T09:00:00Z' }],
    ['lateUse', { until: '2026-11-25T09:00:00Z', uses: 2, lastUsageTime: '2026-11-25T08:59:00Z' }],
  ])('is %s for %j', (verdict, superseded) => {
    expect(oldSecretUse(superseded, NOW)).toBe(verdict);
  });
});
