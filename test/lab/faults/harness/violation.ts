import { setTimeout as pause } from 'node:timers/promises';

/** What the server promises and did not keep. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

const SHOWN = 3;

/** @throws Violation unless something is so. */
export function insist(isSo: boolean, complaint: string): asserts isSo {
  if (!isSo) {
    throw new Violation(complaint);
  }
}

/** @throws Violation with the first of some findings, if there are any. */
export function insistOnNone(findings: readonly string[], complaint: string): void {
  const shown = findings.slice(0, SHOWN).join('; ');
  insist(findings.length === 0, `${complaint}: ${findings.length}, such as ${shown}`);
}

const ASKED_EVERY_MILLISECONDS = 10;

/**
 * Waits until something is so.
 *
 * @returns how many milliseconds that took.
 * @throws Violation if it takes longer than may be.
 */
export async function insistWithin(
  most: number,
  isSo: () => boolean | Promise<boolean>,
  complaint: string,
): Promise<number> {
  const start = performance.now();
  while (!(await isSo())) {
    insist(performance.now() - start < most, `${complaint}, not within ${most} ms`);
    await pause(ASKED_EVERY_MILLISECONDS);
  }
  return performance.now() - start;
}
