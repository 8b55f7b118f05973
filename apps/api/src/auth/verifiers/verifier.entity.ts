import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { User } from '../../users/model/user.entity.js';
import { instant } from '../../platform/database/columns.js';

/** A verifier: an application that answers from memory, and reports the uses of tokens. */
@Entity('verifiers')
@Index('IDX_verifiers_reportTime', ['reportTime'])
@Index('IDX_verifiers_userId', ['userId', 'reportTime'])
export class Verifier {
  /** Id that it created when it started. */
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_verifiers' })
  id: string;

  /** User whose token it presents. */
  @Column('varchar', { length: 36 })
  userId: string;

  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'userId', foreignKeyConstraintName: 'FK_verifiers_userId' })
  user?: User;

  /** Token of its last report; `null` if it presents none. */
  @Column('varchar', { length: 36, nullable: true })
  tokenId: string | null;

  @Column('varchar', { length: 64 })
  name: string;

  @Column('varchar', { length: 32, nullable: true })
  version: string | null;

  @Column('varchar', { length: 45 })
  address: string;

  /** Number of the last report. */
  @Column('integer')
  report: number;

  /** Time of the first report. */
  @Column(instant())
  startTime: EpochMilliseconds;

  /** Time of the last report. */
  @Column(instant())
  reportTime: EpochMilliseconds;

  /** Milliseconds that the last heartbeat took; `null` if none has arrived. */
  @Column('integer', { nullable: true })
  lag: number | null;

  /** Number of answers from memory. */
  @Column(instant())
  local: number;

  /** Number of requests to the server. */
  @Column(instant())
  asked: number;
}
