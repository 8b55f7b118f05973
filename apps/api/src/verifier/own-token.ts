import { readFileSync } from 'node:fs';
import { type Upstream } from '../platform/config/config.js';

/** Milliseconds after which the file is read again. */
const READ_MILLISECONDS = 1_000;

/**
 * Returns a function that returns the current token of this verifier. A rotation replaces the content of the
 * file. While the file cannot be read or is empty, the last token is used.
 */
export function ownToken({ token, tokenFile }: Upstream): () => string {
  let current = token;
  let readAt = performance.now();
  return () => {
    const now = performance.now();
    if (tokenFile !== undefined && now - readAt >= READ_MILLISECONDS) {
      readAt = now;
      current = readToken(tokenFile) || current;
    }
    return current;
  };
}

function readToken(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
