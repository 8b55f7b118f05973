import { type AuditRecord } from '../../audit/trail/audit.service.js';
import { type RelatedSubject } from '../../audit/trail/audit-event-subject.entity.js';
import { toRfc3339, type EpochMilliseconds } from '../../common/clock.service.js';
import { scopeMembers } from '../../permissions/scope.js';
import { useLimitMembers, type UseLimitColumns } from './use-limits.js';
import { type Token } from './token.entity.js';

/** Columns of a token that the audit trail searches by. */
export interface AuditedToken {
  readonly id: string;
  readonly userId: string;
  /** Absent in the entry of a logout, which does not read the row. */
  readonly preview?: string;
  readonly note?: string | null;
  readonly user: { readonly name: string };
}

/** Returns a token as the subject of an audit entry, which is also found by the owner and the preview. */
export function tokenSubject({
  id,
  userId,
  user,
  preview,
}: AuditedToken): Required<Pick<AuditRecord, 'subject' | 'about'>> {
  return {
    subject: { kind: 'token', id, name: user.name },
    about: [{ id: userId, name: user.name }, ...(preview === undefined ? [] : [previewReference(preview)])],
  };
}

/** Returns the reference by which a search for the preview of a token finds the entry. */
export function previewReference(preview: string): RelatedSubject {
  return { id: preview, name: preview };
}

/**
 * Returns the members that identify a token in an audit entry, because its subject has only the id and the
 * owner.
 */
export function auditedIdentity({ preview, note }: Pick<Token, 'preview' | 'note'>) {
  return { tokenPreview: preview, note };
}

/** Maximum number of tokens that an audit entry describes. */
export const AUDITED_TOKENS_MAX = 200;

/** Returns a token as one of many in an audit entry. */
export function auditedToken({ id, user, preview, note }: AuditedToken) {
  return { id, user: user.name, tokenPreview: preview, ...(note && { note }) };
}

/** Returns the member with the tokens that a revocation concerns, without those beyond the maximum. */
export function auditedTokens(tokens: readonly AuditedToken[]) {
  return { tokens: tokens.slice(0, AUDITED_TOKENS_MAX).map(auditedToken) };
}

/** Returns the member with the reason that an actor gave, if any. */
export function auditedReason(reason: string | undefined): { reason?: string } {
  return reason === undefined ? {} : { reason };
}

/** Returns the audited members of a token that updates and rotations change. */
export function auditedMembers({
  note,
  enabled,
  expirationTime,
  scope,
  ...token
}: Pick<Token, 'note' | 'enabled' | 'expirationTime' | 'scope' | keyof UseLimitColumns>) {
  return {
    note,
    enabled,
    expirationTime: auditedExpiry(expirationTime),
    permissions: null,
    roles: null,
    ...scopeMembers(scope),
    allowedAddresses: null,
    notBefore: null,
    maxUses: null,
    rateLimit: null,
    metadata: null,
    ...useLimitMembers(token),
  };
}

/** Returns an expiry as audit entries store it. */
export function auditedExpiry(expiry: EpochMilliseconds | null): string | null {
  return expiry === null ? null : toRfc3339(expiry);
}

/** Returns the references of an audit entry to several tokens and their owners. */
export function tokenReferences(tokens: readonly AuditedToken[]): RelatedSubject[] {
  return [
    ...tokens.map(({ id, preview }) => ({ id, name: preview })),
    ...tokens.map(({ userId, user }) => ({ id: userId, name: user.name })),
  ];
}
