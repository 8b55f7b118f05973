import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import {
  MAIL_LANGUAGES,
  MAIL_SCHEDULES,
  WEBHOOK_FORMATS,
  type EventType,
  type MailLanguage,
  type MailSchedule,
  type WebhookFormat,
} from '../../lists/events.js';
import {
  IsApiName,
  IsEmailAddresses,
  IsEventTypes,
  IsVersion,
  IsWebhookUrl,
} from '../../validation/members.js';
import { IsUserName } from '../../validation/is-user-name.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Merge patch (RFC 7396) of an event target. Absent members do not change. */
export class UpdateEventTargetDto {
  /** URL of a webhook. */
  @IsOptionalNonNull()
  @IsWebhookUrl()
  url?: string;

  /** Format of a webhook's requests. */
  @IsOptionalNonNull()
  @IsIn(WEBHOOK_FORMATS)
  format?: WebhookFormat;

  /** E-mail addresses that receive the events. */
  @IsOptionalNonNull()
  @IsEmailAddresses()
  addresses?: string[];

  /** Whether the user that an event is about receives it as well. */
  @IsOptionalNonNull()
  @IsBoolean()
  toOwners?: boolean;

  /** When to send e-mail. */
  @IsOptionalNonNull()
  @IsIn(MAIL_SCHEDULES)
  schedule?: MailSchedule;

  /** Language of the e-mail. */
  @IsOptionalNonNull()
  @IsIn(MAIL_LANGUAGES)
  language?: MailLanguage;

  /** Types of events that the target receives. */
  @IsOptionalNonNull()
  @IsEventTypes()
  types?: EventType[];

  /** Only events about this user; `null` removes the filter. */
  @IsOptional()
  @IsUserName()
  user?: string | null;

  /** Only events about tokens with permissions of this API; `null` removes the filter. */
  @IsOptional()
  @IsApiName()
  api?: string | null;

  /** Whether the target receives events. `true` also ends a pause after failures. */
  @IsOptionalNonNull()
  @IsBoolean()
  enabled?: boolean;

  /** Expected version of the target. Required unless `If-Match` has it. */
  @IsOptionalNonNull()
  @IsVersion()
  version?: number;
}
