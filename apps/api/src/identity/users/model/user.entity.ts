import { type UserKind } from '@latchkey/auth-models';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { type EpochMilliseconds } from '../../../common/clock.js';
import { flag, instant } from '../../../platform/database/columns.js';

/** Somebody, or some service, that tokens belong to. */
@Entity('users')
export class User {
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_users' })
  id: string;

  /** Canonical name (RFC 8265); half of every `X-Auth-Token`, so it never changes. */
  @Index('IDX_users_name', { unique: true })
  @Column('varchar', { length: 256 })
  name: string;

  /** Skeleton of the name (UTS #39); `null` if a user from before skeletons has a name that looks like an older one. */
  @Index('IDX_users_skeleton', { unique: true })
  @Column('varchar', { length: 1024, nullable: true, select: false })
  skeleton: string | null;

  @Column('varchar', { length: 400, nullable: true })
  displayName: string | null;

  @Column('varchar', { length: 254, nullable: true })
  email: string | null;

  @Column('varchar', { length: 16 })
  kind: UserKind;

  @Column(flag(true))
  enabled: boolean;

  /**
   * argon2id in PHC form, or what another system made it until the first log-in; absent = nobody can log in with a
   * password. Selected only where it is compared.
   */
  @Column('text', { nullable: true, select: false })
  passwordHash: string | null;

  /**
   * Tokens stamped at or before this are dead: one write ends them all. It is when that was, but by a server's clock,
   * which may be behind; so it always grows, and tokens are stamped by it rather than by a clock.
   */
  @Column(instant({ default: 0 }))
  tokensEndedBefore: EpochMilliseconds;

  @Column(instant())
  creationTime: EpochMilliseconds;

  @Column(instant({ nullable: true }))
  lastLoginTime: EpochMilliseconds | null;

  /** Digest of the set-up link's secret, while there is one. */
  @Index('IDX_users_setUpDigest', { unique: true })
  @Column('varchar', { length: 43, nullable: true, select: false })
  setUpDigest: string | null;

  @Column(instant({ nullable: true, select: false }))
  setUpExpirationTime: EpochMilliseconds | null;

  /** The permissions and roles that its issuer could hand on, as `identity/permissions/narrow` reads it: it is useless to a user with others. */
  @Column('text', { nullable: true, select: false })
  setUpLimit: string | null;

  @Column('integer', { default: 0 })
  version: number;
}
