import { type Command } from 'commander';
import { type SealKeyRotated } from '../../../factors/seal-key-rotation.service.js';
import { type Shell } from '../shell.js';

export function addRotateSealKey(program: Command, shell: Shell): void {
  program
    .command('rotate-seal-key')
    .summary('replace the key that encrypts the secrets of second factors and webhooks')
    .description(
      'Encrypts the secrets of second factors and webhooks with a new key. Codes and passkeys keep working. If you use LATCHKEY_SEAL_KEY, first put the new key (openssl rand -base64 32) and a comma before the old one, and restart all servers. If the command is interrupted, run it again.',
    )
    .action(async () => {
      const rotated = await shell.withClient((client) =>
        client.post<SealKeyRotated>('/operator/seal-keys', {}),
      );
      shell.output.result(rotated, describe);
      if (rotated.unreadable > 0) {
        shell.output.note(
          `Secrets that no key of this server decrypts: ${rotated.unreadable}. They were not changed. The log has the ids of their users. ${rotated.advice ?? ''}`,
        );
        shell.exitCode = 1;
      }
    });
}

function describe({ keyId, secrets, unreadable, previousKeyFile, mustBeConfigured }: SealKeyRotated): string {
  return [
    `Second factors and webhooks now use key ${keyId}. Secrets that were encrypted again: ${secrets}.`,
    ...(previousKeyFile === undefined
      ? []
      : [`The old key is kept for older backups of the database: ${previousKeyFile}`]),
    ...(mustBeConfigured && unreadable === 0
      ? ['Remove the old key from LATCHKEY_SEAL_KEY, and keep it for older backups of the database.']
      : []),
  ].join('\n');
}
