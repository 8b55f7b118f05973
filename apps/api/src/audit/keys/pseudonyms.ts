import { Injectable } from '@nestjs/common';
import { AuditKeys } from './audit-keys.js';

/**
 * Keyed digests of texts that must not be readable in the database or open to brute force: a name entered at login may
 * be a mistyped password. They change with the server's key, which is not in the database.
 */
@Injectable()
export class Pseudonyms {
  constructor(private readonly keys: AuditKeys) {}

  /** Returns 43 characters that reveal nothing about the text. */
  of(text: string): string {
    // No sealed text of an entry starts with this prefix, so no seal equals a pseudonym.
    return this.keys.ownOrCreate().seal(`pseudonym:${text}`);
  }
}
