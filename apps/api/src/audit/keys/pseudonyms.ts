import { Injectable } from '@nestjs/common';
import { AuditKeys } from './audit-keys.js';

/**
 * Names by which texts are found again that nobody may read in the database, nor find out by trying: a name that somebody
 * gave may be a mistyped password. They change with the server's key, which is not in the database.
 */
@Injectable()
export class Pseudonyms {
  constructor(private readonly keys: AuditKeys) {}

  /** 43 characters that tell nothing of the text. */
  of(text: string): string {
    // No entry of the trail begins so, and no seal of one is a pseudonym.
    return this.keys.first().seal(`pseudonym:${text}`);
  }
}
