import {
  type EventTargetKind,
  type MailLanguage,
  type MailSchedule,
  type TargetDisabledReason,
  type WebhookFormat,
} from '@latchkey/auth-models';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { flag, instant } from '../../platform/database/columns.js';

/** Target of events: a webhook, or e-mail. */
@Entity('event_targets')
export class EventTarget {
  @PrimaryColumn('varchar', { length: 64, primaryKeyConstraintName: 'PK_event_targets' })
  name: string;

  @Column('varchar', { length: 16 })
  kind: EventTargetKind;

  @Column('varchar', { length: 2048, nullable: true })
  url: string | null;

  @Column('varchar', { length: 16, nullable: true })
  format: WebhookFormat | null;

  /** E-mail addresses, separated by commas. */
  @Column('text', { default: '' })
  addresses: string;

  @Column(flag(false))
  toOwners: boolean;

  @Column('varchar', { length: 16, nullable: true })
  schedule: MailSchedule | null;

  @Column('varchar', { length: 8, nullable: true })
  language: MailLanguage | null;

  /** Types of events, separated by commas. */
  @Column('text')
  types: string;

  /** User whose events the target receives; null = all users. */
  @Column('varchar', { length: 36, nullable: true })
  userId: string | null;

  /** Name of that user, who may have been deleted. */
  @Column('varchar', { length: 256, nullable: true })
  userName: string | null;

  @Column('varchar', { length: 64, nullable: true })
  api: string | null;

  @Column(flag(true))
  enabled: boolean;

  @Column('varchar', { length: 32, nullable: true })
  disabledReason: TargetDisabledReason | null;

  /** Time of the first failure since the last success. */
  @Column(instant({ nullable: true }))
  failingSince: EpochMilliseconds | null;

  /** Secret that signs, encrypted with the seal key. */
  @Column('varchar', { length: 200, nullable: true })
  sealedSecret: string | null;

  /** Secret that also signs until `oldSecretExpirationTime`, after a rotation. */
  @Column('varchar', { length: 200, nullable: true })
  oldSealedSecret: string | null;

  @Column(instant({ nullable: true }))
  oldSecretExpirationTime: EpochMilliseconds | null;

  /**
   * Sequence number of the newest entry when the target was created or enabled. The target receives later
   * entries. A time would not work, because the clock can be set back.
   */
  @Column(instant({ default: 0 }))
  startSequence: number;

  @Column(instant())
  creationTime: EpochMilliseconds;

  @Column('integer', { default: 0 })
  version: number;
}
