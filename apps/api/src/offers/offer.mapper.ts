import {
  type AuditAction,
  type ClaimDetailsDto,
  type CreateTokenDto,
  type OfferDto,
} from '@latchkey/auth-models';
import { type AuditRecord } from '../audit/trail/audit.service.js';
import { toRfc3339, type EpochMilliseconds } from '../common/clock.service.js';
import { type Principal } from '../common/request/principal.js';
import { stateOf } from './offer-state.js';
import { type OfferedToken, type OwnedOffer } from './offer.entity.js';

/** Returns an offer as responses show it, without the secret of its link. */
export function toOfferDto(offer: OwnedOffer, now: EpochMilliseconds): OfferDto {
  const { template, reason, deciderName, decisionTime, decisionReason, tokenId } = offer;
  return {
    id: offer.id,
    ...detailsOf(offer, now),
    ...tokenMembers(offer),
    ...(template !== null && { template }),
    ...(reason !== null && { reason }),
    creationTime: toRfc3339(offer.creationTime),
    ...(deciderName !== null && { decidedBy: deciderName }),
    ...(decisionTime !== null && { decisionTime: toRfc3339(decisionTime) }),
    ...(decisionReason !== null && { decisionReason }),
    ...(tokenId !== null && { tokenId }),
  };
}

/**
 * Returns what the holder of a link's secret may know. A claimed or expired offer no longer describes the
 * token.
 */
export function toClaimDetailsDto(offer: OwnedOffer, now: EpochMilliseconds): ClaimDetailsDto {
  const details = detailsOf(offer, now);
  return { ...details, ...(details.state === 'offered' && tokenMembers(offer)) };
}

/** Returns the request body that creates the token of an offer. */
export function tokenOf({ token, note }: OwnedOffer): CreateTokenDto {
  return { ...(JSON.parse(token) as OfferedToken), ...(note !== null && { note }) };
}

/** Returns the audit entry of a change. */
export function offerRecord(
  action: AuditAction,
  offer: OwnedOffer,
  actor: Principal,
  change: Pick<AuditRecord, 'before' | 'after'>,
): AuditRecord {
  const { id, userId, user, creatorId, creatorName } = offer;
  return {
    action,
    actor,
    subject: { kind: 'offer', id, name: user.name },
    about: [
      { id: userId, name: user.name },
      ...(creatorId === null || creatorId === userId ? [] : [{ id: creatorId, name: creatorName }]),
    ],
    ...change,
  };
}

/** Returns the members of an offer that the audit trail records. */
export function auditedOffer(offer: OwnedOffer) {
  const { template, reason, creatorName, expirationTime, digest } = offer;
  return {
    ...tokenMembers(offer),
    ...(template !== null && { template }),
    ...(reason !== null && { reason }),
    createdBy: creatorName,
    hasLink: digest !== null,
    expirationTime: toRfc3339(expirationTime),
  };
}

function detailsOf(
  { user, creatorName, expirationTime, claimTime, ...offer }: OwnedOffer,
  now: EpochMilliseconds,
) {
  return {
    user: user.name,
    createdBy: creatorName,
    state: stateOf({ ...offer, expirationTime }, now),
    expirationTime: toRfc3339(expirationTime),
    ...(claimTime !== null && { claimTime: toRfc3339(claimTime) }),
  };
}

/** Returns the members of the token, without those that have no value. */
function tokenMembers({ note, token }: Pick<OwnedOffer, 'note' | 'token'>) {
  const { expiresIn, expirationTime, permissions, roles, ...limits } = JSON.parse(token) as OfferedToken;
  const { allowedAddresses, notBefore, maxUses, rateLimit, metadata } = limits;
  return {
    ...(note !== null && { note }),
    ...(permissions && { permissions }),
    ...(roles && { roles }),
    ...(allowedAddresses && { allowedAddresses }),
    ...(notBefore !== undefined && { notBefore }),
    ...(maxUses !== undefined && { maxUses }),
    ...(rateLimit && { rateLimit }),
    ...(metadata && { metadata }),
    ...(expiresIn !== undefined && { tokenExpiresIn: expiresIn }),
    ...(typeof expirationTime === 'string' && { tokenExpirationTime: expirationTime }),
  };
}
