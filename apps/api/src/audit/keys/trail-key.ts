import { ConfigurationError } from '../../common/application-error.js';
import { LATCHKEY } from '../../common/program-name.js';
import { type AuditKeys } from './audit-keys.js';

/** Reads the id of the key for the next entry. It is empty for an empty trail, which accepts any key. */
export const TRAIL_KEY_SQL = 'SELECT "keyId" FROM "audit_chain"';

/**
 * Checks that the server can append to the audit trail: it has the key, or the data folder does.
 *
 * @param keyId id of the key for the next entry.
 * @throws ConfigurationError if the server does not have that key.
 */
export function checkTrailKey(keyId: string, keys: AuditKeys): void {
  const { own, files } = keys;
  if (keyId !== '' && !keys.find(keyId)) {
    throw new ConfigurationError(
      `LATCHKEY_AUDIT_KEY: the audit trail is sealed with key ${keyId}, but ` +
        `${own ? `this is ${own.id}` : 'there is none'}. Set that key, or save it as ${files.path}.old`,
    );
  }
}

/** Verification result for a trail whose next key is not the server's own. */
interface TrailKeyFinding {
  readonly isProblem: boolean;
  readonly message: string;
}

/**
 * Searches for the key of the next entry as the server does at startup, and advises what to do.
 *
 * @param keyId id of that key; `undefined` if it is unknown.
 * @returns `undefined` if it is the server's own key, or unknown.
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
      message: `The next entry must be sealed with key ${keyId}, which is beside ${files.path}. At its next startup, the server hands over to ${next}.`,
    };
  }
  // A configured key is trusted because an operator set it. Anyone with write access to the folder can put a key there.
  const advice = keys.find(keyId)
    ? `The data folder has that key. If it is yours, for example after a restore, hand over with ${LATCHKEY} rotate-audit-key, or set LATCHKEY_AUDIT_KEY to it.`
    : `Save that key as ${files.path}.old, or set LATCHKEY_AUDIT_KEY to it. If it is lost, run: ${LATCHKEY} rotate-audit-key --old-key-lost.`;
  return {
    isProblem: true,
    message: `The next entry must be sealed with key ${keyId}, but this server has ${own ? `key ${own.id}` : 'none'}. ${advice}`,
  };
}
