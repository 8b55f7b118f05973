import type { SupersededSecretDto } from '@latchkey/auth-models';
import { isInGrace } from '../../shared/tokens/token';

/** How long the old secret has to lie still before it is said that nobody uses it any more. */
const QUIET_MILLISECONDS = 86_400_000;

/**
 * Whether somebody still goes by the secret from before a rotation: nobody since then, nobody for a day, somebody; or, once
 * it has stopped working, nobody at all or somebody who may be shut out now.
 */
export type OldSecretUse = 'unused' | 'quiet' | 'used' | 'over' | 'lateUse';

/** Tells who still goes by the secret from before a rotation. */
export function oldSecretUse(superseded: SupersededSecretDto, now: number): OldSecretUse {
  const { lastUsageTime, until } = superseded;
  const isOver = !isInGrace(superseded, now);
  if (lastUsageTime === undefined) {
    return isOver ? 'over' : 'unused';
  }
  const end = isOver ? Date.parse(until) : now;
  const isQuiet = end - Date.parse(lastUsageTime) >= QUIET_MILLISECONDS;
  if (isOver) {
    return isQuiet ? 'over' : 'lateUse';
  }
  return isQuiet ? 'quiet' : 'used';
}
