import { type AuditRecord } from '../audit/audit.service.js';
import { type AuditedThing } from '../audit/audited-thing.js';

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

/** What an entry about several tokens is found by: each of them, and each owner. */
export function thingsOf(tokens: readonly AuditedToken[]): AuditedThing[] {
  return [
    ...tokens.map(({ id }) => ({ id })),
    ...tokens.map(({ userId, user }) => ({ id: userId, name: user.name })),
  ];
}
