import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FINGERPRINT_LENGTH = 12;
const HERE = fileURLToPath(import.meta.url);

/**
 * Digest of the code in this folder. The program and the running server must have the same one, because the protocol
 * between them is not versioned.
 */
export const BUILD_FINGERPRINT = fingerprintOf(dirname(HERE), extname(HERE));

function fingerprintOf(folder: string, extension: string): string {
  const digest = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(extension))
    .sort();
  for (const name of files) {
    digest
      .update(name)
      .update('\0')
      .update(readFileSync(join(folder, name)))
      .update('\0');
  }
  return digest.digest('hex').slice(0, FINGERPRINT_LENGTH);
}
