import { DAY_MILLISECONDS, type EpochMilliseconds } from '../../common/clock.service.js';
import { type Token } from '../model/token.entity.js';

/** Days before the expiry of a token at which its owner is warned. */
export const WARNING_DAYS = [1, 7, 14, 30] as const;

/** One of {@link WARNING_DAYS}. */
export type WarningDays = (typeof WARNING_DAYS)[number];

/** Time before the expiry at which the first warning is due. */
export const FIRST_WARNING_MILLISECONDS = Math.max(...WARNING_DAYS) * DAY_MILLISECONDS;

/** Columns that decide on the warnings of a token. */
export type WarnedColumns = Pick<Token, 'expirationTime' | 'lifeStartTime' | 'expiryWarningTime'>;

/**
 * Returns the number of days of the warning that is due, or `undefined` if none is. If several were missed,
 * only the last one is due. Warnings that are not shorter than the token's life are never due, because its
 * owner has just chosen the expiry. A rotation or a new expiry starts a new life with new warnings.
 */
export function dueWarning(
  { expirationTime, lifeStartTime, expiryWarningTime }: WarnedColumns,
  now: EpochMilliseconds,
): WarningDays | undefined {
  if (expirationTime === null || expirationTime <= now) {
    return undefined;
  }
  const days = WARNING_DAYS.find((some) => expirationTime <= now + some * DAY_MILLISECONDS);
  const dueTime = expirationTime - (days ?? 0) * DAY_MILLISECONDS;
  const isDue = dueTime > lifeStartTime && dueTime > (expiryWarningTime ?? 0);
  return isDue ? days : undefined;
}
