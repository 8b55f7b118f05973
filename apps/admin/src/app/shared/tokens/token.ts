import type { UserTokenDto, SupersededSecretDto } from '@latchkey/auth-models';
import { browserName, isBrowser } from '../../core/browser-name';
import type { Texts } from '../../core/texts/texts';

/** Returns the path of a token in the API. */
export function tokenPath(id: string): string {
  return `/tokens/${encodeURIComponent(id)}`;
}

type Named = Pick<UserTokenDto, 'kind' | 'note' | 'tokenPreview'>;

/** Returns the name of a token: its note, or otherwise its last characters. */
export function tokenName(token: Named, texts: Texts): string {
  return tokenNote(token, texts) ?? token.tokenPreview;
}

/**
 * Returns the note of a token, if it has one; for a browser's session the name of the browser instead of its
 * user agent.
 */
export function tokenNote({ kind, note }: Pick<Named, 'kind' | 'note'>, texts: Texts): string | null {
  return (kind === 'session' && note && isBrowser(note) ? browserName(note, texts) : note) || null;
}

/** Returns the earlier of idle and absolute expiry; `null` if the token does not expire. */
export function effectiveExpiry({ idleExpirationTime, expirationTime }: UserTokenDto): string | null {
  const times = [idleExpirationTime, expirationTime].filter((time) => time !== undefined);
  return times.sort((one, other) => Date.parse(one) - Date.parse(other))[0] ?? null;
}

/** Whether a token is neither revoked nor expired. Disabled ones are live, because they can be enabled. */
export function isLive({ state }: UserTokenDto): boolean {
  return state !== 'revoked' && state !== 'expired';
}

/** Whether a token has expired, and a new expiry makes it work again. */
export function isRenewable({ kind, state, usesLeft }: UserTokenDto): boolean {
  return kind === 'api' && state === 'expired' && usesLeft !== 0;
}

/** Whether a token can be rotated. Sessions cannot; they get a new secret by signing in again. */
export function mayRotate(token: UserTokenDto): boolean {
  return token.kind === 'api' && isLive(token);
}

/** Whether the token is a canary that was used and is not revoked. */
export function isUsedCanary({
  kind,
  lastUsageTime,
  state,
}: Pick<UserTokenDto, 'kind' | 'lastUsageTime' | 'state'>): boolean {
  return kind === 'canary' && lastUsageTime !== undefined && state !== 'revoked';
}

/** Whether the secret from before a rotation still works. */
export function isInGrace(
  superseded: SupersededSecretDto | undefined,
  now: number,
): superseded is SupersededSecretDto {
  return superseded !== undefined && Date.parse(superseded.until) > now;
}

/** Parameters of `GET /tokens` that find tokens in need of attention. */
export const ATTENTION_FILTERS = {
  expiring: { state: 'expiring' },
  ownerDisabled: { ownerDisabled: 'true' },
  neverUsed: { neverUsed: 'true', unusedSinceDays: '7' },
  unused: { neverUsed: 'false', unusedSinceDays: '90' },
  noExpiry: { noExpiry: 'true' },
  unusedPermissions: { unusedPermissions: 'true' },
} as const satisfies Record<string, Readonly<Record<string, string>>>;
