import { type AuditEvent } from '../trail/audit-event.entity.js';

/** Returns the id of the key that an entry hands over to, or `undefined` if the entry is no hand-over. */
export function handedOverTo({ action, after }: AuditEvent): string | undefined {
  // No JSON.parse: an entry sealed with an unknown key may be forged.
  const [, keyId] = /"keyId":"([0-9a-f]{16})"/.exec(after ?? '') ?? [];
  return action === 'audit_key_rotated' ? keyId : undefined;
}
