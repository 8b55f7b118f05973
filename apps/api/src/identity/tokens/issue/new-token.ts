import { type TokenKind } from '@latchkey/auth-models';
import { v7 as uuid } from 'uuid';
import { type EpochMilliseconds } from '../../../common/clock.js';
import { digestOf, previewOf } from '../../../platform/crypto/secrets.js';
import { Token } from '../model/token.entity.js';

/** Columns that differ between new tokens. */
export interface NewToken {
  kind: TokenKind;
  secret: string;
  owner: { id: string; tokensEndedBefore: EpochMilliseconds };
  creationTime: EpochMilliseconds;
  expirationTime: EpochMilliseconds | null;
  maxExpirationTime?: EpochMilliseconds | null;
  idleExpirationTime?: EpochMilliseconds;
  note: string | null;
  permissions?: string | null;
  parentTokenId?: string | null;
}

/** Returns the row of a new token. */
export function newToken({ secret, owner, creationTime, ...columns }: NewToken): Token {
  return Object.assign(new Token(), {
    maxExpirationTime: null,
    idleExpirationTime: null,
    permissions: null,
    parentTokenId: null,
    ...columns,
    id: uuid(),
    userId: owner.id,
    preview: previewOf(secret),
    digest: digestOf(secret),
    enabled: true,
    creationTime,
    lifeStartTime: creationTime,
    stampTime: owner.tokensEndedBefore + 1,
    endReason: null,
    revocationTime: null,
    lastUsageTime: null,
    lastUsageAddress: null,
    lastUsageAgent: null,
    ...NO_SUPERSEDED_SECRET,
    version: 0,
  });
}

/** Columns of a token without a superseded secret. */
export const NO_SUPERSEDED_SECRET = {
  previousDigest: null,
  previousEndTime: null,
  previousUses: 0,
  previousLastUsageTime: null,
  previousLastUsageAddress: null,
  previousLastUsageAgent: null,
} as const;
