import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { instant } from '../../platform/database/columns.js';

/** Id of the only row. */
export const CHAIN_ID = 1;

/** End of the audit chain: a single row, locked by the transaction that appends. */
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

  /** Id of the key that seals the next entry; empty = the key of the first server. */
  @Column('varchar', { length: 16, default: '' })
  keyId: string;

  /** Latest time of any entry. */
  @Column(instant({ default: 0 }))
  latestTime: EpochMilliseconds;

  /** Maximum milliseconds that an entry can be older than an earlier one, because clocks are set back. */
  @Column(instant({ default: 0 }))
  clockSetback: number;

  /** Latest plausible time that a server recorded; 0 = none yet. */
  @Column(instant({ default: 0 }))
  clockSeenTime: EpochMilliseconds;

  /**
   * Failed logins with unknown names. They are counted, not recorded, so unauthenticated clients cannot fill
   * the disk.
   */
  @Column(instant({ default: 0 }))
  unknownNameFailures: number;
}
