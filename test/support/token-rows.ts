import { type EndReason } from '../../apps/api/src/identity/tokens/model/token.entity.js';

/** Columns of a token's row that a test sets; the others are those of an API token that was just made. */
export interface TokenRow {
  id: string;
  /** Canonical name of its user, who must be there. */
  user: string;
  kind?: 'session' | 'api';
  note?: string;
  preview?: string;
  digest?: string;
  enabled?: boolean;
  creationTime?: number;
  stampTime?: number;
  expirationTime?: number;
  idleExpirationTime?: number;
  /** `revoked` if there is a time of revocation. */
  endReason?: EndReason;
  revocationTime?: number;
  lastUsageTime?: number;
  previousEndTime?: number;
}

/** A stamp that no `tokensEndedBefore` of a test reaches. */
const LATE = 9_000_000_000_000;

/** SQL that inserts tokens behind the server's back. */
export function insertTokens(...rows: TokenRow[]): string {
  const values = rows.map(({ user, ...row }) => {
    const { kind = 'api', preview = 'lk_…0000', digest = `digest of ${row.id}` } = row;
    const { creationTime = Date.now(), stampTime = LATE, enabled = true } = row;
    return [
      text(row.id),
      `(SELECT id FROM users WHERE name = ${text(user)})`,
      text(kind),
      text(row.note),
      text(preview),
      text(digest),
      String(enabled),
      creationTime,
      stampTime,
      row.expirationTime ?? 'NULL',
      row.idleExpirationTime ?? 'NULL',
      text(row.endReason ?? (row.revocationTime === undefined ? undefined : 'revoked')),
      row.revocationTime ?? 'NULL',
      row.lastUsageTime ?? 'NULL',
      row.previousEndTime ?? 'NULL',
    ].join(', ');
  });
  return (
    `INSERT INTO tokens (id, "userId", kind, note, preview, digest, enabled, "creationTime", "stampTime", ` +
    `"expirationTime", "idleExpirationTime", "endReason", "revocationTime", "lastUsageTime", "previousEndTime") ` +
    `VALUES (${values.join('), (')})`
  );
}

function text(value: string | undefined): string {
  return value === undefined ? 'NULL' : `'${value.replaceAll("'", "''")}'`;
}
