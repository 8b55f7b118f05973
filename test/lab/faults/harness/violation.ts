import { setTimeout as pause } from 'node:timers/promises';

/** A requirement that the server violated. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

const SHOWN = 3;

/** @throws Violation unless the condition is true. */
export function assert(condition: boolean, complaint: string): asserts condition {
  if (!condition) {
    throw new Violation(complaint);
  }
}

/** @throws Violation with the first findings, if there are any. */
export function assertNone(findings: readonly string[], complaint: string): void {
  const shown = findings.slice(0, SHOWN).join('; ');
  assert(findings.length === 0, `${complaint}: ${findings.length}, for example ${shown}`);
}

const POLL_MILLISECONDS = 10;

/**
 * Waits for a condition that must become true within a time, in milliseconds.
 *
 * @returns the duration in milliseconds.
 * @throws Violation after the deadline.
 */
export async function assertWithin(
  most: number,
  condition: () => boolean | Promise<boolean>,
  complaint: string,
): Promise<number> {
  const start = performance.now();
  while (!(await condition())) {
    assert(performance.now() - start < most, `${complaint}, not within ${most} ms`);
    await pause(POLL_MILLISECONDS);
  }
  return performance.now() - start;
}
