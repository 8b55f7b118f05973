import { IsBoolean, IsIn } from 'class-validator';
import {
  MAIL_LANGUAGES,
  MAIL_SCHEDULES,
  WEBHOOK_FORMATS,
  type MailLanguage,
  type MailSchedule,
  type WebhookFormat,
} from '../../lists/events.js';
import { IsEmailAddresses, IsWebhookUrl } from '../../validation/members.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Optional members of requests that create or change an event target. */
export class EventTargetMembersDto {
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

  /** Whether to also send to the users that an event is about; for a service, to the responsible person. */
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

  /** Whether the target receives events. `true` by default. A change to `true` retries failed deliveries. */
  @IsOptionalNonNull()
  @IsBoolean()
  enabled?: boolean;
}
