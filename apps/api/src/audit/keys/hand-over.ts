import { type AuditEvent } from '../trail/audit-event.entity.js';

/** The id of the key that an entry hands over to; `undefined` if it does not. */
export function handedOverTo({ action, after }: AuditEvent): string | undefined {
  // The entry may not be ours: its key may be unknown.
  const [, keyId] = /"keyId":"([0-9a-f]{16})"/.exec(after ?? '') ?? [];
  return action === 'audit_key_rotated' ? keyId : undefined;
}
