import { type DeliveryState, type EventType } from '@latchkey/auth-models';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { instant } from '../../platform/database/columns.js';
import { EventTarget } from '../targets/event-target.entity.js';

/** Delivery of an event to a target, or to one recipient of its e-mail. The event itself is in the trail. */
@Entity('event_deliveries')
@Index('IDX_event_deliveries_event', ['target', 'sequence', 'recipient'], { unique: true })
@Index('IDX_event_deliveries_due', ['target', 'state', 'nextAttemptTime'])
@Index('IDX_event_deliveries_subject', ['target', 'state', 'recipient', 'subject', 'sequence'])
@Index('IDX_event_deliveries_list', ['target', 'id'])
@Index('IDX_event_deliveries_creationTime', ['creationTime'])
export class EventDelivery {
  /** UUIDv7, so that ids are in the order of creation. */
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_event_deliveries' })
  id: string;

  /** Name of the target. */
  @Column('varchar', { length: 64 })
  target: string;

  @ManyToOne(() => EventTarget, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'target', foreignKeyConstraintName: 'FK_event_deliveries_target' })
  targetEntity?: EventTarget;

  /** Sequence number of the entry in the audit trail. */
  @Column(instant())
  sequence: number;

  /** E-mail address; empty for a webhook. */
  @Column('varchar', { length: 254, default: '' })
  recipient: string;

  /** Id of the entry. */
  @Column('varchar', { length: 36 })
  event: string;

  @Column('varchar', { length: 32 })
  type: EventType;

  /** User, token or other object that the event is about. Its events are delivered in order. */
  @Column('varchar', { length: 64 })
  subject: string;

  @Column('varchar', { length: 16 })
  state: DeliveryState;

  @Column(instant())
  creationTime: EpochMilliseconds;

  @Column('integer', { default: 0 })
  attempts: number;

  @Column(instant({ nullable: true }))
  lastAttemptTime: EpochMilliseconds | null;

  /** Null while an earlier event of the same subject waits. */
  @Column(instant({ nullable: true }))
  nextAttemptTime: EpochMilliseconds | null;

  /** Duration of the last attempt. */
  @Column('integer', { nullable: true })
  milliseconds: number | null;

  /** HTTP status of the last response. */
  @Column('integer', { nullable: true })
  status: number | null;

  @Column('varchar', { length: 200, nullable: true })
  error: string | null;
}
