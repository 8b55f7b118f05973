import { ConfigurationError } from '../config/configuration-error.js';
import { type AuditKeys } from './audit-keys.js';

/** The key that seals the next entry, by its id; empty = there is no entry yet, and any key will do. */
export const TRAIL_KEY_SQL = 'SELECT "keyId" FROM "audit_chain"';

/**
 * Checks that a server can go on with the audit trail: it has the key, or finds it in the data folder.
 *
 * @param keyId the key that the trail goes on with.
 * @throws ConfigurationError if the key is none that the trail knows.
 */
export function checkTrailKey(keyId: string, keys: AuditKeys): void {
  const { own, files } = keys;
  if (keyId !== '' && !keys.find(keyId)) {
    throw new ConfigurationError(
      `LATCHKEY_AUDIT_KEY: the audit trail is sealed with key ${keyId}, and ` +
        `${own ? `this is ${own.id}` : 'there is none'}; set that one, or put it beside ${files.path} as audit.key.old`,
    );
  }
}
