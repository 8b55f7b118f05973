import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.js';
import { instant } from '../../platform/database/columns.js';

/** The end of the audit trail's chain: one row, held by whoever appends. */
@Entity('audit_chain')
export class AuditChain {
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'PK_audit_chain' })
  id: number;

  /** Sequence of the newest entry; 0 = none yet. */
  @Column(instant())
  sequence: number;

  /** Seal of the newest entry; empty = none yet. */
  @Column('varchar', { length: 43 })
  mac: string;

  /** Id of the key that seals the next entry; empty = whichever the first server has. */
  @Column('varchar', { length: 16, default: '' })
  keyId: string;

  /** The latest time of any entry. */
  @Column(instant({ default: 0 }))
  latestTime: EpochMilliseconds;

  /** The most milliseconds by which an entry's time was ever before that of an earlier entry: clocks are set back. */
  @Column(instant({ default: 0 }))
  clockSetback: number;

  /** The latest time that a server believed; 0 = none yet. */
  @Column(instant({ default: 0 }))
  clockSeenTime: EpochMilliseconds;

  /** Log-ins that failed because nobody has the name: counted here and not recorded, so strangers cannot fill the disk. */
  @Column(instant({ default: 0 }))
  unknownNameFailures: number;
}
