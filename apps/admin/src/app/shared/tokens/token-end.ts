import type { UserTokenDto } from '@latchkey/auth-models';

/** When a token ends, or has, if nobody does anything: idle or at its absolute end, whichever comes first; `null` = never. */
export function tokenEnd({ idleExpirationTime, expirationTime }: UserTokenDto): string | null {
  const ends = [idleExpirationTime, expirationTime].filter((time) => time !== undefined);
  return ends.sort((one, other) => Date.parse(one) - Date.parse(other))[0] ?? null;
}

/** Whether a token is neither revoked nor expired; a disabled one can come back. */
export function isLive({ state }: UserTokenDto): boolean {
  return state !== 'revoked' && state !== 'expired';
}

/** Whether a token can be given a new secret by hand: a session gets its own by signing in again. */
export function mayRotate(token: UserTokenDto): boolean {
  return token.kind === 'api' && isLive(token);
}
