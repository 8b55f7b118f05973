import { type TokenKind } from '@latchkey/auth-models';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { flag, instant } from '../../platform/database/columns.js';
import { User } from '../../users/model/user.entity.js';
import { canaryDigestOf, digestOf, previewOf } from '../../platform/crypto/secrets.js';

/**
 * Reasons why a token is no longer accepted. Rotation is not a reason, because it replaces only the secret.
 * Revoking all tokens of a user sets the user's `tokensRevokedBefore` instead.
 */
export const REVOCATION_REASONS = [
  // Rejected after its expiry; it stays expired if the clock is set back.
  'expired',
  'revoked',
  'logged_out',
  // A token that it was created with was revoked with its descendants.
  'ancestor_revoked',
  // The owner of a token that it was created with was deleted.
  'creator_deleted',
  // It reached its maximum number of uses.
  'used_up',
] as const;
export type RevocationReason = (typeof REVOCATION_REASONS)[number];

/** A user token: the record people manage. Only the digest of its secret is stored. */
@Entity('tokens')
@Index('IDX_tokens_userId', ['userId', 'creationTime'])
// The first exists only on SQLite, the second has a collation, the others are partial; see their migrations.
@Index('IDX_tokens_list', { synchronize: false })
@Index('IDX_tokens_creationTime', { synchronize: false })
@Index('IDX_tokens_expiring', { synchronize: false })
@Index('IDX_tokens_expiry', { synchronize: false })
@Index('IDX_tokens_previousExpirationTime', { synchronize: false })
@Index('IDX_tokens_leaked', { synchronize: false })
@Index('IDX_tokens_acknowledged', { synchronize: false })
export class Token {
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_tokens' })
  id: string;

  @Column('varchar', { length: 36 })
  userId: string;

  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'userId', foreignKeyConstraintName: 'FK_tokens_userId' })
  user?: User;

  @Column('varchar', { length: 16 })
  kind: TokenKind;

  @Column('varchar', { length: 200, nullable: true })
  note: string | null;

  /** Prefix and last four characters of the secret. */
  @Column('varchar', { length: 16 })
  preview: string;

  /** SHA-256 of the secret, base64url. */
  @Index('IDX_tokens_digest', { unique: true })
  @Column('varchar', { length: 43 })
  digest: string;

  /** Scope that limits its permissions and roles, in the form of `permissions/scope`; `null` = no limit. */
  @Column('text', { nullable: true })
  scope: string | null;

  /**
   * Widest scope that it can get: the permissions and roles that all who have seen its secret could delegate;
   * `null` = no limit.
   */
  @Column('text', { nullable: true })
  maxScope: string | null;

  /** Limits on its use, and its metadata, in the form of `use-limits`; `null` = none. */
  @Column('text', { nullable: true })
  useLimits: string | null;

  /** Time before which it is rejected; `null` = none. */
  @Column(instant({ nullable: true }))
  notBefore: EpochMilliseconds | null;

  /** Number of uses that are left; `null` = no limit. */
  @Column('integer', { nullable: true })
  usesLeft: number | null;

  /** Start of the current window of its rate limit. Only PostgreSQL counts here, for all replicas. */
  @Column(instant({ nullable: true }))
  rateWindow: EpochMilliseconds | null;

  /** Number of uses in that window that replicas have reserved. */
  @Column('integer', { nullable: true })
  rateUses: number | null;

  /** Id of the token that it was created with, kept after that token is purged. */
  @Index('IDX_tokens_parentTokenId')
  @Column('varchar', { length: 36, nullable: true })
  parentTokenId: string | null;

  @Column(flag(true))
  enabled: boolean;

  @Column(instant())
  creationTime: EpochMilliseconds;

  /**
   * One more than the user's `tokensRevokedBefore` when the token was created. The token is revoked once
   * `tokensRevokedBefore` reaches it, independently of the servers' clocks.
   */
  @Column(instant())
  stamp: number;

  /** Start of its lifetime: its creation, or its last rotation or change of expiry. */
  @Column(instant({ default: 0 }))
  lifeStartTime: EpochMilliseconds;

  /** Absolute expiry; `null` = none. */
  @Column(instant({ nullable: true }))
  expirationTime: EpochMilliseconds | null;

  /**
   * Latest expiry that it can ever have: the expiry of the API token that it was created with, at that time.
   * `null` = no limit.
   */
  @Column(instant({ nullable: true }))
  maxExpirationTime: EpochMilliseconds | null;

  /** Expiry of a session that is not bumped before. */
  @Column(instant({ nullable: true }))
  idleExpirationTime: EpochMilliseconds | null;

  /** Time of the last login or step-up of a session; `null` for other tokens. */
  @Column(instant({ nullable: true }))
  authTime: EpochMilliseconds | null;

  /** Methods that proved who the user of a session is, separated by commas. */
  @Column('varchar', { length: 64, nullable: true })
  authMethods: string | null;

  /**
   * Why it is no longer accepted: revoked, or expiry recorded; `null` for a live token, and for an expired
   * one that was not presented since.
   */
  @Column('varchar', { length: 16, nullable: true })
  revocationReason: RevocationReason | null;

  /** Time at which it was revoked by itself, or used up; `null` if neither happened. */
  @Column(instant({ nullable: true }))
  revocationTime: EpochMilliseconds | null;

  @Column(instant({ nullable: true }))
  lastUsageTime: EpochMilliseconds | null;

  @Column('varchar', { length: 64, nullable: true })
  lastUsageAddress: string | null;

  @Column('varchar', { length: 200, nullable: true })
  lastUsageAgent: string | null;

  /** Name of the service that reported the last use; `null` = the server saw it. */
  @Column('varchar', { length: 160, nullable: true })
  lastUsageReporter: string | null;

  /** Digest of the secret before the last rotation, in its grace period. */
  @Index('IDX_tokens_previousDigest', { unique: true })
  @Column('varchar', { length: 43, nullable: true })
  previousDigest: string | null;

  @Column(instant({ nullable: true }))
  previousExpirationTime: EpochMilliseconds | null;

  @Column('integer', { default: 0 })
  previousUses: number;

  @Column(instant({ nullable: true }))
  previousLastUsageTime: EpochMilliseconds | null;

  @Column('varchar', { length: 64, nullable: true })
  previousLastUsageAddress: string | null;

  @Column('varchar', { length: 200, nullable: true })
  previousLastUsageAgent: string | null;

  /** Name of the service that reported that use; `null` = the server saw it. */
  @Column('varchar', { length: 160, nullable: true })
  previousLastUsageReporter: string | null;

  /** Time at which late uses of that secret were reported; `null` = not yet. */
  @Column(instant({ nullable: true }))
  previousReportTime: EpochMilliseconds | null;

  /** Time of the last report that a secret has leaked; `null` = none. */
  @Column(instant({ nullable: true }))
  leakReportTime: EpochMilliseconds | null;

  /**
   * Time up to which its events are acknowledged: later ones return it to the inbox; `null` = never
   * acknowledged.
   */
  @Column(instant({ nullable: true }))
  acknowledgedTime: EpochMilliseconds | null;

  /** Time of the last warning that it expires soon; `null` = none. */
  @Column(instant({ nullable: true }))
  expiryWarningTime: EpochMilliseconds | null;

  @Column('integer', { default: 0 })
  version: number;
}

/** Columns that differ between new tokens. */
interface NewToken {
  kind: TokenKind;
  secret: string;
  owner: { id: string; tokensRevokedBefore: EpochMilliseconds };
  creationTime: EpochMilliseconds;
  expirationTime: EpochMilliseconds | null;
  maxExpirationTime?: EpochMilliseconds | null;
  idleExpirationTime?: EpochMilliseconds;
  authTime?: EpochMilliseconds;
  authMethods?: string;
  note: string | null;
  scope?: string | null;
  maxScope?: string | null;
  useLimits?: string | null;
  notBefore?: EpochMilliseconds | null;
  usesLeft?: number | null;
  parentTokenId?: string | null;
}

/** Returns the row of a new token. */
export function newToken({ secret, owner, creationTime, ...columns }: NewToken): Token {
  const isCanary = columns.kind === 'canary';
  return Object.assign(new Token(), {
    maxExpirationTime: null,
    idleExpirationTime: null,
    authTime: null,
    authMethods: null,
    scope: null,
    maxScope: null,
    useLimits: null,
    notBefore: null,
    usesLeft: null,
    rateWindow: null,
    rateUses: null,
    parentTokenId: null,
    ...columns,
    id: uuid(),
    userId: owner.id,
    preview: previewOf(secret),
    digest: isCanary ? canaryDigestOf(digestOf(secret)) : digestOf(secret),
    enabled: true,
    creationTime,
    lifeStartTime: creationTime,
    // A revocation of all tokens keeps canaries, because they give no access.
    stamp: isCanary ? Number.MAX_SAFE_INTEGER : owner.tokensRevokedBefore + 1,
    revocationReason: null,
    revocationTime: null,
    lastUsageTime: null,
    lastUsageAddress: null,
    lastUsageAgent: null,
    lastUsageReporter: null,
    ...NO_SUPERSEDED_SECRET,
    leakReportTime: null,
    acknowledgedTime: null,
    expiryWarningTime: null,
    version: 0,
  });
}

/** Columns of a token without a superseded secret. */
export const NO_SUPERSEDED_SECRET = {
  previousDigest: null,
  previousExpirationTime: null,
  previousUses: 0,
  previousLastUsageTime: null,
  previousLastUsageAddress: null,
  previousLastUsageAgent: null,
  previousLastUsageReporter: null,
  previousReportTime: null,
} as const;
