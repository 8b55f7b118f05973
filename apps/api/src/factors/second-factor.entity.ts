import { type SecondFactorKind } from '@latchkey/auth-models';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { type EpochMilliseconds } from '../common/clock.service.js';
import { instant } from '../platform/database/columns.js';
import { User } from '../users/model/user.entity.js';

/** Second factor of a user. */
@Entity('second_factors')
export class SecondFactor {
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_second_factors' })
  id: string;

  @Index('IDX_second_factors_userId')
  @Column('varchar', { length: 36 })
  userId: string;

  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'userId', foreignKeyConstraintName: 'FK_second_factors_userId' })
  user?: User;

  @Column('varchar', { length: 16 })
  kind: SecondFactorKind;

  /** Name that the user gave it. */
  @Column('varchar', { length: 64, nullable: true })
  name: string | null;

  /** Secret of an authenticator app, as `FactorSeal` encrypts it. */
  @Column('varchar', { length: 200, nullable: true })
  sealedSecret: string | null;

  /** Time step of the last accepted code of an authenticator app. */
  @Column(instant({ default: 0 }))
  lastStep: number;

  /** SHA-256 of `credentialId`, base64url. */
  @Index('IDX_second_factors_credentialDigest', { unique: true })
  @Column('varchar', { length: 43, nullable: true })
  credentialDigest: string | null;

  /** Id of a passkey's credential, base64url. */
  @Column('varchar', { length: 1364, nullable: true })
  credentialId: string | null;

  /** Public key of a passkey (COSE), base64url. */
  @Column('varchar', { length: 4096, nullable: true })
  publicKey: string | null;

  /** Transports of a passkey's authenticator, separated by commas. */
  @Column('varchar', { length: 210, nullable: true })
  transports: string | null;

  /** Last counter of a passkey, from its authenticator. */
  @Column(instant({ default: 0 }))
  signCount: number;

  /** Time at which the counter of a passkey went back, so that someone may have copied it. */
  @Column(instant({ nullable: true }))
  copiedTime: EpochMilliseconds | null;

  @Column(instant())
  creationTime: EpochMilliseconds;

  /** `null` until a code has confirmed it. It has no effect before. */
  @Column(instant({ nullable: true }))
  confirmationTime: EpochMilliseconds | null;

  @Column(instant({ nullable: true }))
  lastUsedTime: EpochMilliseconds | null;
}

/** Unused recovery code of a user. */
@Entity('recovery_codes')
export class RecoveryCode {
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_recovery_codes' })
  userId: string;

  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'userId', foreignKeyConstraintName: 'FK_recovery_codes_userId' })
  user?: User;

  /** SHA-256 of the code, base64url. */
  @PrimaryColumn('varchar', { length: 43, primaryKeyConstraintName: 'PK_recovery_codes' })
  digest: string;
}

/** Challenge that a passkey has signed, so that it cannot be used again. */
@Entity('used_challenges')
export class UsedChallenge {
  /** SHA-256 of the challenge, base64url. */
  @PrimaryColumn('varchar', { length: 43, primaryKeyConstraintName: 'PK_used_challenges' })
  digest: string;

  /** Expiry of the challenge. The row is not needed after it. */
  @Index('IDX_used_challenges_expirationTime')
  @Column(instant())
  expirationTime: EpochMilliseconds;
}
