import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';

/**
 * Many times the slowest wait on a quiet machine, the 1.5 s in which a replica notices a silent cut. Far
 * shorter than the 300 s for which a replica that misses a revocation keeps the token.
 */
const LIMIT_MILLISECONDS = 60_000;

/** Maximum number of characters of the last value in an error. */
const SHOWN_LENGTH = 1_000;

/**
 * Reads a value until it is accepted, and returns it. By default, a truthy value is accepted.
 *
 * @throws Error with the source of both functions and the last value if it takes too long.
 */
export async function waitUntil<Value>(
  read: () => Value | Promise<Value>,
  isAccepted: (value: Value) => unknown = Boolean,
  { pauseMilliseconds = 10, limitMilliseconds = LIMIT_MILLISECONDS } = {},
): Promise<Value> {
  const deadline = Date.now() + limitMilliseconds;
  for (;;) {
    const value = await read();
    if (isAccepted(value)) {
      return value;
    }
    if (Date.now() > deadline) {
      const awaited =
        isAccepted === Boolean ? sourceOf(read) : `${sourceOf(isAccepted)} of ${sourceOf(read)}`;
      const last = inspect(value, { breakLength: Infinity }).slice(0, SHOWN_LENGTH);
      throw new Error(`Waited ${limitMilliseconds} ms for ${awaited}. The last value is ${last}`);
    }
    await pause(pauseMilliseconds);
  }
}

/** Returns the source of a function on one line. */
function sourceOf(code: (...values: never[]) => unknown): string {
  return String(code).replaceAll(/\s+/g, ' ');
}
