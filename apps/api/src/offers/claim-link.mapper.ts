import { type ClaimDetailsDto, type ClaimLinkDto, type ClaimLinkState } from '@latchkey/auth-models';
import { toRfc3339, type EpochMilliseconds } from '../common/clock.js';
import { type OwnedClaimLink } from './claim-link.entity.js';

/** Members of the token that a claim creates, as the column stores them. */
export type ClaimPlan = Pick<
  ClaimLinkDto,
  | 'permissions'
  | 'roles'
  | 'allowedAddresses'
  | 'notBefore'
  | 'maxUses'
  | 'rateLimit'
  | 'metadata'
  | 'tokenExpiresIn'
  | 'tokenExpirationTime'
>;

/** Returns the state of a link. */
export function claimLinkState(
  { claimTime, expirationTime }: Pick<OwnedClaimLink, 'claimTime' | 'expirationTime'>,
  now: EpochMilliseconds,
): ClaimLinkState {
  if (claimTime !== null) {
    return 'used';
  }
  return expirationTime <= now ? 'expired' : 'open';
}

/** Returns a link as responses show it, without its secret. */
export function toClaimLinkDto(link: OwnedClaimLink, now: EpochMilliseconds): ClaimLinkDto {
  return {
    id: link.id,
    ...names(link),
    ...planMembers(link),
    state: claimLinkState(link, now),
    creationTime: toRfc3339(link.creationTime),
    ...times(link),
    ...(link.tokenId !== null && { tokenId: link.tokenId }),
  };
}

/** Returns what the holder of a link's secret may know. A used or expired link no longer describes the token. */
export function toClaimDetailsDto(link: OwnedClaimLink, now: EpochMilliseconds): ClaimDetailsDto {
  const state = claimLinkState(link, now);
  return { ...names(link), ...(state === 'open' && planMembers(link)), state, ...times(link) };
}

/** Returns the members of a plan, without those that have no value. */
export function planMembers({
  note,
  plan,
}: Pick<OwnedClaimLink, 'note' | 'plan'>): ClaimPlan & { note?: string } {
  const {
    permissions,
    roles,
    allowedAddresses,
    notBefore,
    maxUses,
    rateLimit,
    metadata,
    tokenExpiresIn,
    tokenExpirationTime,
  } = JSON.parse(plan) as ClaimPlan;
  return {
    ...(note !== null && { note }),
    ...(permissions && { permissions }),
    ...(roles && { roles }),
    ...(allowedAddresses && { allowedAddresses }),
    ...(notBefore !== undefined && { notBefore }),
    ...(maxUses !== undefined && { maxUses }),
    ...(rateLimit && { rateLimit }),
    ...(metadata && { metadata }),
    ...(tokenExpiresIn !== undefined && { tokenExpiresIn }),
    ...(tokenExpirationTime !== undefined && { tokenExpirationTime }),
  };
}

function names({ user, issuerName }: OwnedClaimLink): { user: string; createdBy: string } {
  return { user: user.name, createdBy: issuerName };
}

function times({ expirationTime, claimTime }: OwnedClaimLink): {
  expirationTime: string;
  claimTime?: string;
} {
  return {
    expirationTime: toRfc3339(expirationTime),
    ...(claimTime !== null && { claimTime: toRfc3339(claimTime) }),
  };
}
