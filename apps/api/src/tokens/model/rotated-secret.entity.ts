import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { instant } from '../../platform/database/columns.js';
import { Token } from './token.entity.js';

/**
 * Secret that a rotation replaced. Leak reports use it to find the token of an old secret, and whether that
 * secret led to the current one.
 */
@Entity('rotated_secrets')
@Index('IDX_rotated_secrets_tokenId', ['tokenId', 'version'])
export class RotatedSecret {
  /** SHA-256 of the secret, base64url. */
  @PrimaryColumn('varchar', { length: 43, primaryKeyConstraintName: 'PK_rotated_secrets' })
  digest: string;

  @Column('varchar', { length: 36 })
  tokenId: string;

  @ManyToOne(() => Token, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'tokenId', foreignKeyConstraintName: 'FK_rotated_secrets_tokenId' })
  token?: Token;

  /** Version of the token before the rotation. It orders the rotations, independent of the clock. */
  @Column('integer')
  version: number;

  @Column(instant())
  rotationTime: EpochMilliseconds;

  /** Digest of the secret that replaced it. */
  @Index('IDX_rotated_secrets_nextDigest')
  @Column('varchar', { length: 43 })
  nextDigest: string;

  /** Digest of the secret that the caller presented; `null` on the command line. */
  @Column('varchar', { length: 43, nullable: true })
  rotatorDigest: string | null;

  /** Id of the API token that the caller presented; `null` for a session, which no token creates. */
  @Column('varchar', { length: 36, nullable: true })
  rotatorTokenId: string | null;

  /** Time of the first report that the secret leaked after the rotation; `null` = none. */
  @Column(instant({ nullable: true }))
  leakReportTime: EpochMilliseconds | null;
}
