import { ConfigurationError } from '../../common/application-error.js';
import { LATCHKEY } from '../../common/program-name.js';
import { type AuditKeys } from './audit-keys.service.js';

/** Reads the id of the key for the next entry. It is empty for an empty trail, which accepts any key. */
export const TRAIL_KEY_SQL = 'SELECT "keyId" FROM "audit_chain"';

/** Difference between the key of the next entry and the server's own. */
interface TrailKeyFinding {
  readonly isProblem: boolean;
  readonly message: string;
  readonly advice: string;
}

/**
 * Checks that the server can append to the audit trail: it has the key, or the data folder does.
 *
 * @param keyId id of the key for the next entry.
 * @throws ConfigurationError if the server does not have that key.
 */
export function checkTrailKey(keyId: string, keys: AuditKeys): void {
  if (keyId !== '' && !keys.find(keyId)) {
    const { message, advice } = missingKey(keyId, keys);
    throw new ConfigurationError(`${message} ${advice}`);
  }
}

/**
 * Searches for the key of the next entry as the server does at startup, and advises what to do.
 *
 * @param keyId id of that key; `undefined` if it is unknown.
 * @returns `undefined` if it is the server's own key, or unknown.
 */
export function trailKeyFinding(keyId: string | undefined, keys: AuditKeys): TrailKeyFinding | undefined {
  const { own, isConfigured } = keys;
  if (keyId === undefined || keyId === own?.id) {
    return undefined;
  }
  const missing = missingKey(keyId, keys);
  if (!keys.find(keyId)) {
    return missing;
  }
  // A configured key is trusted because an operator set it. Anyone with write access to the folder can put a
  // key there.
  return isConfigured
    ? {
        ...missing,
        advice: `The data folder has the needed key. If it is yours, for example after a restore, hand over with ${LATCHKEY} rotate-audit-key, or set LATCHKEY_AUDIT_KEY to it.`,
      }
    : {
        isProblem: false,
        message: `The audit trail needs key ${keyId}, which is in the data folder.`,
        advice: `Start the server, which hands over to ${own ? `key ${own.id}` : 'a new key'}.`,
      };
}

function missingKey(keyId: string, { own, files }: AuditKeys): TrailKeyFinding {
  const advice = own
    ? `Set LATCHKEY_AUDIT_KEY to the needed key, or save it as ${files.path}.old.`
    : `Copy your backup of it to ${files.path}, or set LATCHKEY_AUDIT_KEY.`;
  return {
    isProblem: true,
    message: `The audit trail needs key ${keyId}, and this server has ${own ? `key ${own.id}` : 'no audit key'}.`,
    advice: `${advice} If it is lost, run: ${LATCHKEY} rotate-audit-key --old-key-lost`,
  };
}
