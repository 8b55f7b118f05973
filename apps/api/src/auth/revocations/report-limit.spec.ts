import { beforeEach, describe, expect, it } from '@jest/globals';
import { ReportLimit, REPORTS_AT_ONCE } from './report-limit.js';

let now: number;
let limit: ReportLimit;

beforeEach(() => {
  now = 1_700_000_000_000;
  limit = new ReportLimit({ now: () => now });
});

/** Reports until a report is rejected, and returns the number of accepted ones. */
function reportOut(user: string): number {
  for (let done = 0; ; done += 1) {
    try {
      limit.count(user);
    } catch {
      return done;
    }
  }
}

describe('ReportLimit', () => {
  it('accepts 1,000 verifiers that each report every ten seconds, also with their first reports at once', () => {
    const report = (count: number) => Array.from({ length: count }, () => limit.count('anna'));
    expect(() => {
      report(1_000);
      for (let step = 0; step < 600; step += 1) {
        now += 100;
        report(10);
      }
    }).not.toThrow();
  });

  it('rejects more, with the seconds to wait, and leaves other users alone', () => {
    expect(reportOut('anna')).toBe(REPORTS_AT_ONCE);

    expect(() => limit.count('anna')).toThrow(
      expect.objectContaining({
        code: 'throttled',
        options: expect.objectContaining({ retryAfterSeconds: 1 }),
      }),
    );
    expect(reportOut('ben')).toBe(REPORTS_AT_ONCE);
    now += 1_000;
    expect(reportOut('anna')).toBe(200);
  });

  it('delays for at most the burst when the clock is set back', () => {
    reportOut('anna');
    now -= 86_400_000;
    reportOut('anna');
    now += 10_000;

    expect(reportOut('anna')).toBe(REPORTS_AT_ONCE);
  });
});
