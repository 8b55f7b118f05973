import { type AuditRecord } from '../../../audit/trail/audit.service.js';
import { type AuditedThing } from '../../../audit/trail/audited-thing.js';
import { toRfc3339, type EpochMilliseconds } from '../../../common/clock.js';
import { type Token } from './token.entity.js';

/** What of a token the audit trail finds an entry by. */
export interface AuditedToken {
  readonly id: string;
  readonly userId: string;
  readonly user: { readonly name: string };
}

/** A token as the subject of an entry: with its owner's name, and found by its owner as well. */
export function tokenSubject({
  id,
  userId,
  user,
}: AuditedToken): Required<Pick<AuditRecord, 'subject' | 'about'>> {
  return {
    subject: { kind: 'token', id, name: user.name },
    about: [{ id: userId, name: user.name }],
  };
}

/** The members of a token that a change or a rotation can alter, as entries hold them. */
export function auditedMembers({
  note,
  enabled,
  expirationTime,
  permissions,
}: Pick<Token, 'note' | 'enabled' | 'expirationTime' | 'permissions'>) {
  return {
    note,
    enabled,
    expirationTime: auditedExpiry(expirationTime),
    permissions: permissions === null ? null : permissions.split(' ').filter(Boolean),
  };
}

/** The expiry of a token as entries hold it. */
export function auditedExpiry(end: EpochMilliseconds | null): string | null {
  return end === null ? null : toRfc3339(end);
}

/** What an entry about several tokens is found by: each of them, and each owner. */
export function tokenReferences(tokens: readonly AuditedToken[]): AuditedThing[] {
  return [
    ...tokens.map(({ id }) => ({ id })),
    ...tokens.map(({ userId, user }) => ({ id: userId, name: user.name })),
  ];
}
