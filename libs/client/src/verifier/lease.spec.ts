import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../../../test/support/unit/fake-latchkey.js';
import { Lease } from './lease.js';

describe('Lease', () => {
  it('ignores a response to a request from before the connection, as the machine may have slept since then', () => {
    const clock = new FakeClock();
    const lease = new Lease(2_000, clock);
    const earlier = clock.now;
    clock.advance(1_000);
    // The clock of this process stood still for a second.
    lease.start(clock.now, 61_000);

    lease.calibrate(earlier, 59_000);

    clock.advance(3_000);
    lease.prove(62_000);
    expect(lease.lag).toBe(2_000);
    expect(lease.isFresh()).toBe(false);
  });
});
