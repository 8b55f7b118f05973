import { type FactorSeal } from './factor-seal.service.js';

/** Counts the secrets of confirmed factors and of webhooks by the id of the key that encrypts them. */
export const SEALED_SQL =
  'SELECT substr("sealedSecret", 1, 16) AS "keyId", COUNT(*) AS "count" FROM ' +
  '(SELECT "sealedSecret" FROM "second_factors" WHERE "confirmationTime" IS NOT NULL ' +
  'UNION ALL SELECT "sealedSecret" FROM "event_targets") AS "sealed" ' +
  'WHERE "sealedSecret" IS NOT NULL GROUP BY 1 LIMIT 1000';

/** Key, and the number of secrets that it encrypts. PostgreSQL returns the number as text. */
export interface SealedCount {
  readonly keyId: string;
  readonly count: number | string;
}

/** Returns the problem and the way out if no key of the server decrypts some secrets. */
export function missingSealKey(
  counts: readonly SealedCount[],
  seal: FactorSeal,
): { message: string; advice: string } | undefined {
  const missing = counts.filter(({ keyId }) => !seal.has(keyId));
  if (missing.length === 0) {
    return undefined;
  }
  const secrets = missing.reduce((sum, { count }) => sum + Number(count), 0);
  return {
    message: `No key of this server decrypts ${secrets} ${secrets === 1 ? 'secret' : 'secrets'} of authenticator apps or webhooks, so it rejects codes and sends no signed webhooks.`,
    advice: seal.adviceOnMissingKey,
  };
}
