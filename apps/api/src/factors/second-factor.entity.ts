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

  /** The secret, as `FactorSeal` encrypts it. */
  @Column('varchar', { length: 200 })
  sealedSecret: string;

  /** Time step of the last accepted code. */
  @Column(instant({ default: 0 }))
  lastStep: number;

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
