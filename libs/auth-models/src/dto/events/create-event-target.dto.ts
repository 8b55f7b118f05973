import { IsBoolean, IsIn } from 'class-validator';
import {
  EVENT_TARGET_KINDS,
  MAIL_LANGUAGES,
  MAIL_SCHEDULES,
  WEBHOOK_FORMATS,
  type EventTargetKind,
  type EventType,
  type MailLanguage,
  type MailSchedule,
  type WebhookFormat,
} from '../../lists/events.js';
import {
  IsApiName,
  IsEmailAddresses,
  IsEventTargetName,
  IsEventTypes,
  IsWebhookUrl,
} from '../../validation/members.js';
import { IsUserName } from '../../validation/is-user-name.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** New event target. A webhook has `url` and `format`; e-mail has the other optional members. */
export class CreateEventTargetDto {
  /** Name of the target. It cannot be changed later. */
  @IsEventTargetName()
  name: string;

  /** Kind of the target. */
  @IsIn(EVENT_TARGET_KINDS)
  kind: EventTargetKind;

  /** URL that receives `POST` requests. `http` only on the same machine. Required unless it is e-mail. */
  @IsOptionalNonNull()
  @IsWebhookUrl()
  url?: string;

  /** Format of the requests. `standard` by default. */
  @IsOptionalNonNull()
  @IsIn(WEBHOOK_FORMATS)
  format?: WebhookFormat;

  /** E-mail addresses that receive the events. */
  @IsOptionalNonNull()
  @IsEmailAddresses()
  addresses?: string[];

  /** Whether the user that an event is about receives it as well, or the one responsible for a service. */
  @IsOptionalNonNull()
  @IsBoolean()
  toOwners?: boolean;

  /** When to send e-mail. `immediate` by default. */
  @IsOptionalNonNull()
  @IsIn(MAIL_SCHEDULES)
  schedule?: MailSchedule;

  /** Language of the e-mail. English by default. */
  @IsOptionalNonNull()
  @IsIn(MAIL_LANGUAGES)
  language?: MailLanguage;

  /** Types of events that the target receives. */
  @IsEventTypes()
  types: EventType[];

  /** Only events about this user, or tokens of this user. */
  @IsOptionalNonNull()
  @IsUserName()
  user?: string;

  /** Only events about tokens that are limited to permissions, including one of this API. */
  @IsOptionalNonNull()
  @IsApiName()
  api?: string;

  /** Whether the target receives events. `true` by default. */
  @IsOptionalNonNull()
  @IsBoolean()
  enabled?: boolean;
}
