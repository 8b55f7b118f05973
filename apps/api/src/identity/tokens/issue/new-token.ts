import { type TokenKind } from '@latchkey/auth-models';
import { v7 as uuid } from 'uuid';
import { type EpochMilliseconds } from '../../../common/clock.js';
import { digestOf, previewOf } from '../../../platform/crypto/secrets.js';
import { Token } from '../model/token.entity.js';

/** What tells a new token from others. */
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

/** A token as it is first stored. */
export function newToken({ secret, owner, creationTime, ...made }: NewToken): Token {
  return Object.assign(new Token(), {
    maxExpirationTime: null,
    idleExpirationTime: null,
    permissions: null,
    parentTokenId: null,
    ...made,
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

/** The columns of a token that has no secret before the present one. */
export const NO_SUPERSEDED_SECRET = {
  previousDigest: null,
  previousEndTime: null,
  previousUses: 0,
  previousLastUsageTime: null,
  previousLastUsageAddress: null,
  previousLastUsageAgent: null,
} as const;
