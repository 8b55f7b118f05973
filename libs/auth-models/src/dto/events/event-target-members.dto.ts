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

/** Optional members in the creation and the change of an event target. */
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

  /** Whether the target receives events. `true` by default. In a change, it also ends a pause. */
  @IsOptionalNonNull()
  @IsBoolean()
  enabled?: boolean;
}
