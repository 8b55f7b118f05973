import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instant } from '../../platform/database/columns.js';

/** Id of the only row. */
export const SENDER_ID = 1;

/** Lease of the process that sends events, and its position in the audit trail. A single row. */
@Entity('event_sender')
export class EventSenderLease {
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'PK_event_sender' })
  id: number;

  /** Id of the process that sends; empty = none. */
  @Column('varchar', { length: 36, default: '' })
  holder: string;

  /**
   * Grows with each renewal. Other processes take over if it does not change for a while by their own clocks,
   * so the clocks do not have to agree.
   */
  @Column(instant({ default: 0 }))
  beat: number;

  /** Sequence number of the last entry whose deliveries exist. */
  @Column(instant({ default: 0 }))
  sequence: number;
}
