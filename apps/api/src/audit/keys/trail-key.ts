import { ConfigurationError } from '../../platform/config/configuration-error.js';
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

/** What a verification says of the key that the trail goes on with, when the server was given another one. */
export interface TrailKeyFinding {
  readonly isProblem: boolean;
  readonly message: string;
}

/**
 * Looks for the key that the trail goes on with as the start of a server does, and says what is to be done.
 *
 * @param keyId that key; `undefined` if it is not known.
 * @returns `undefined` if it is the server's own.
 */
export function trailKeyFinding(keyId: string | undefined, keys: AuditKeys): TrailKeyFinding | undefined {
  const { own, files, isConfigured } = keys;
  if (keyId === undefined || keyId === own?.id) {
    return undefined;
  }
  if (!isConfigured && keys.find(keyId)) {
    const next = own ? `key ${own.id} in ${files.path}` : 'a new key';
    return {
      isProblem: false,
      message: `The trail goes on with key ${keyId}, which is beside ${files.path}: the next start of the server hands over to ${next}.`,
    };
  }
  // A key that is kept elsewhere is vouched for by whoever set it; one in the folder by whoever can write there.
  const advice = keys.find(keyId)
    ? 'The data folder has that key. If it is yours, as after a restore, hand over with latchkey rotate-audit-key, or set LATCHKEY_AUDIT_KEY to it.'
    : `Put that key beside ${files.path} as audit.key.old, or set LATCHKEY_AUDIT_KEY to it. If it is lost: latchkey rotate-audit-key --old-key-lost.`;
  return {
    isProblem: true,
    message: `The trail goes on with key ${keyId}, and this server was given ${own?.id ?? 'none'}. ${advice}`,
  };
}
