import type { UserTokenDto, SupersededSecretDto } from '@latchkey/auth-models';
import { browserName, isBrowser } from '../../core/browser-name';
import type { Texts } from '../../core/texts/texts';

/** The address of a token. */
export function tokenPath(id: string): string {
  return `/tokens/${encodeURIComponent(id)}`;
}

/** What a token's name is told by. */
type Named = Pick<UserTokenDto, 'kind' | 'note' | 'tokenPreview'>;

/** A word or two that people know a token by: its note, or else its last characters. */
export function tokenName(token: Named, texts: Texts): string {
  return tokenNote(token, texts) ?? token.tokenPreview;
}

/** What a token is for, if that is known: of a session that a browser began, the browser in words and not as it names itself. */
export function tokenNote({ kind, note }: Pick<Named, 'kind' | 'note'>, texts: Texts): string | null {
  return (kind === 'session' && note && isBrowser(note) ? browserName(note, texts) : note) || null;
}

/** When a token ends, or has, if nobody does anything: idle or at its absolute end, whichever comes first; `null` = never. */
export function effectiveExpiry({ idleExpirationTime, expirationTime }: UserTokenDto): string | null {
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

/** Whether the secret before a rotation still works. */
export function isInGrace(
  superseded: SupersededSecretDto | undefined,
  now: number,
): superseded is SupersededSecretDto {
  return superseded !== undefined && Date.parse(superseded.until) > now;
}

/** The parameters of `GET /tokens` by which tokens are found that somebody should look at. */
export const ATTENTION_FILTERS = {
  expiring: { state: 'expiring' },
  ownerDisabled: { ownerDisabled: 'true' },
  neverUsed: { neverUsed: 'true', unusedSinceDays: '7' },
  unused: { neverUsed: 'false', unusedSinceDays: '90' },
  noExpiry: { noExpiry: 'true' },
} as const satisfies Record<string, Readonly<Record<string, string>>>;
