import { IsArray, IsBoolean, IsIn, IsInt, IsISO8601, IsOptional, IsString } from 'class-validator';
import {
  EVENT_TARGET_KINDS,
  EVENT_TYPES,
  MAIL_LANGUAGES,
  MAIL_SCHEDULES,
  TARGET_DISABLED_REASONS,
  WEBHOOK_FORMATS,
  type EventTargetKind,
  type EventType,
  type MailLanguage,
  type MailSchedule,
  type TargetDisabledReason,
  type WebhookFormat,
} from '../../lists/events.js';

/** Event target: a webhook, or e-mail. */
export class EventTargetDto {
  /** Name of the target. It never changes. */
  @IsString()
  name: string;

  /** Kind of the target. */
  @IsIn(EVENT_TARGET_KINDS)
  kind: EventTargetKind;

  /** URL of a webhook. */
  @IsOptional()
  @IsString()
  url?: string;

  /** Format of a webhook's requests. */
  @IsOptional()
  @IsIn(WEBHOOK_FORMATS)
  format?: WebhookFormat;

  /** E-mail addresses that receive the events. */
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  addresses?: string[];

  /** Whether to also send to the users that an event is about; for a service, to the responsible person. */
  @IsOptional()
  @IsBoolean()
  toOwners?: boolean;

  /** When the server sends e-mail. */
  @IsOptional()
  @IsIn(MAIL_SCHEDULES)
  schedule?: MailSchedule;

  /** Language of the e-mail. */
  @IsOptional()
  @IsIn(MAIL_LANGUAGES)
  language?: MailLanguage;

  /** Types of events that the target receives. */
  @IsArray()
  @IsIn(EVENT_TYPES, { each: true })
  types: EventType[];

  /** Only events about this user. */
  @IsOptional()
  @IsString()
  user?: string;

  /** Only events about tokens with permissions of this API. */
  @IsOptional()
  @IsString()
  api?: string;

  /** Whether the target receives events. */
  @IsBoolean()
  enabled: boolean;

  /**
   * Reason why the server disabled the target: the receiver responded with 410 (`gone`), all deliveries
   * failed for 20 days (`failing`), or 10,000 deliveries waited (`too_many_waiting`).
   */
  @IsOptional()
  @IsIn(TARGET_DISABLED_REASONS)
  disabledReason?: TargetDisabledReason;

  /** Time of the first failure since the last success, RFC 3339. Absent if the last delivery succeeded. */
  @IsOptional()
  @IsISO8601()
  failingSince?: string;

  /** Number of deliveries that wait. Not covered by `ETag`. */
  @IsInt()
  waiting: number;

  /** Secret that signs the requests. Only the response that creates or rotates it contains it. */
  @IsOptional()
  @IsString()
  secret?: string;

  /** Time until which the old secret also signs after a rotation, RFC 3339. */
  @IsOptional()
  @IsISO8601()
  oldSecretExpirationTime?: string;

  /** Creation time, RFC 3339. */
  @IsISO8601()
  creationTime: string;

  /** Number of edits of the target. */
  @IsInt()
  version: number;
}
