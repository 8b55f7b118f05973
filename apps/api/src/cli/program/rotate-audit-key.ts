import { type Command } from 'commander';
import { type AuditKeyRotated } from '../../audit/keys/audit-key-rotation.js';
import { readSecret } from './read-secret.js';
import { type Shell } from './shell.js';

interface Options {
  newKeyFile?: string;
  oldKeyLost?: boolean;
}

/** Adds `rotate-audit-key`. */
export function addRotateAuditKey(program: Command, shell: Shell): void {
  program
    .command('rotate-audit-key')
    .summary('replace the key that seals the audit trail')
    .description(
      'Seals the audit trail with a new key from now on. Keep the old one: older entries are verified with it. With LATCHKEY_AUDIT_KEY make the new key yourself (openssl rand -base64 32), and set it there right afterwards.',
    )
    .option(
      '--new-key-file <file>',
      'the new key, 32 bytes in base64; without it one is made; - reads standard input',
    )
    .option('--old-key-lost', 'go on although the old key is gone; every verification will tell of it')
    .action(async ({ newKeyFile, oldKeyLost = false }: Options) => {
      const newKey = newKeyFile === undefined ? {} : { newKey: readSecret(newKeyFile) };
      const rotated = await shell.run('rotate-audit-key', { ...newKey, isOldKeyLost: oldKeyLost });
      shell.output.result(rotated, describe);
    });
}

function describe({ keyId, previousKeyId, previousKeyFile, mustBeConfigured }: AuditKeyRotated): string {
  return [
    `The audit trail is sealed with key ${keyId} from now on, before with ${previousKeyId}.`,
    ...(previousKeyFile === undefined ? [] : [`The old key is kept for verifications: ${previousKeyFile}`]),
    ...(mustBeConfigured
      ? ['Set LATCHKEY_AUDIT_KEY to the new key now, before a server is started again.']
      : []),
  ].join('\n');
}
