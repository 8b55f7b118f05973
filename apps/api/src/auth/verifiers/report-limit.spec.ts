import { beforeEach, describe, expect, it } from '@jest/globals';
import { ReportLimit, USES_AT_ONCE, USES_MIN } from './report-limit.js';

const USES_PER_SECOND = 10_000;
const FULL = 500;

let now: number;
let limit: ReportLimit;

beforeEach(() => {
  now = 1_700_000_000_000;
  limit = new ReportLimit({ now: () => now });
});

/** Whether a report with this number of uses is accepted. */
function accepts(user: string, uses: number): boolean {
  try {
    limit.count(user, uses);
    return true;
  } catch {
    return false;
  }
}

/** Reports until a report is rejected and returns the number of accepted ones. */
function reportOut(user: string, uses: number): number {
  for (let done = 0; ; done += 1) {
    if (!accepts(user, uses)) {
      return done;
    }
  }
}

describe('ReportLimit', () => {
  it('accepts 1,000 verifiers that each report every ten seconds, also with their first reports at once', () => {
    const report = (count: number) => Array.from({ length: count }, () => limit.count('anna', USES_MIN));
    expect(() => {
      report(1_000);
      for (let step = 0; step < 600; step += 1) {
        now += 100;
        report(10);
      }
    }).not.toThrow();
  });

  it('counts uses, so that full reports reach the limit earlier than short ones', () => {
    expect(reportOut('anna', FULL)).toBe(USES_AT_ONCE / FULL);
    expect(reportOut('ben', 0)).toBe(USES_AT_ONCE / USES_MIN);
  });

  it('accepts all full reports of 1,000 verifiers that wait as long as demanded', () => {
    const due = Array<number>(1_000).fill(now);
    const end = now + 120_000;
    while (now < end && due.some((time) => time < Infinity)) {
      due.forEach((time, verifier) => {
        if (time > now) {
          return;
        }
        try {
          limit.count('anna', FULL);
          due[verifier] = Infinity;
        } catch (error) {
          const { retryAfterSeconds } = (error as { options: { retryAfterSeconds: number } }).options;
          due[verifier] = now + retryAfterSeconds * 1_000;
        }
      });
      now += 100;
    }

    expect(due.filter((time) => time !== Infinity)).toEqual([]);
  });

  it('returns the seconds to wait, and leaves other users alone', () => {
    reportOut('anna', FULL);

    expect(() => limit.count('anna', FULL)).toThrow(
      expect.objectContaining({
        code: 'throttled',
        options: expect.objectContaining({ retryAfterSeconds: 1 }),
      }),
    );
    expect(accepts('ben', FULL)).toBe(true);
    now += 1_000;
    expect(reportOut('anna', FULL)).toBe(USES_PER_SECOND / FULL);
  });

  it('delays for at most the burst when the clock is set back', () => {
    reportOut('anna', FULL);
    now -= 60_000;

    expect(accepts('anna', FULL)).toBe(false);
    now += 10_000;
    expect(reportOut('anna', FULL)).toBe(USES_AT_ONCE / FULL);
  });
});
