import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type RevocationReason } from '../../apps/api/src/tokens/model/token.entity.js';

/** Columns of a token. By default those of a new API token. */
export interface TokenRow {
  id: string;
  /** Canonical name of an existing user. */
  user: string;
  kind?: 'session' | 'api';
  note?: string;
  preview?: string;
  digest?: string;
  enabled?: boolean;
  creationTime?: number;
  stamp?: number;
  expirationTime?: number;
  idleExpirationTime?: number;
  /** `revoked` if there is a time of revocation. */
  revocationReason?: RevocationReason;
  revocationTime?: number;
  lastUsageTime?: number;
  previousExpirationTime?: number;
  notBefore?: number;
}

/** Stamp above every `tokensRevokedBefore` in the tests. */
const LATE = 9_000_000_000_000;

/** Returns SQL that inserts tokens. */
export function insertTokens(...rows: TokenRow[]): string {
  const values = rows.map(({ user, ...row }) => {
    const { kind = 'api', preview = 'latchkey_…0000', digest = `digest of ${row.id}` } = row;
    const { creationTime = Date.now(), stamp = LATE, enabled = true } = row;
    return [
      text(row.id),
      `(SELECT id FROM users WHERE name = ${text(user)})`,
      text(kind),
      text(row.note),
      text(preview),
      text(digest),
      String(enabled),
      creationTime,
      stamp,
      row.expirationTime ?? 'NULL',
      row.idleExpirationTime ?? 'NULL',
      text(row.revocationReason ?? (row.revocationTime === undefined ? undefined : 'revoked')),
      row.revocationTime ?? 'NULL',
      row.lastUsageTime ?? 'NULL',
      row.previousExpirationTime ?? 'NULL',
      row.notBefore ?? 'NULL',
    ].join(', ');
  });
  return (
    `INSERT INTO tokens (id, "userId", kind, note, preview, digest, enabled, "creationTime", "stamp", ` +
    `"expirationTime", "idleExpirationTime", "revocationReason", "revocationTime", "lastUsageTime", "previousExpirationTime", "notBefore") ` +
    `VALUES (${values.join('), (')})`
  );
}

function text(value: string | undefined): string {
  return value === undefined ? 'NULL' : `'${value.replaceAll("'", "''")}'`;
}

/** Returns SQL that inserts the given numbers of users and tokens, of every kind and state. */
export function insertManyTokens({ users, tokens }: { users: number; tokens: number }): string {
  return readFileSync(join(process.cwd(), 'test/support/many-tokens.sql'), 'utf8')
    .replaceAll('{users}', String(users))
    .replaceAll('{tokens}', String(tokens))
    .replaceAll('{now}', String(Date.now()));
}
