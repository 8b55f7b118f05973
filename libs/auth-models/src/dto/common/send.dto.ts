import { IsBoolean, IsIn } from 'class-validator';
import { MAIL_LANGUAGES, type MailLanguage } from '../../lists/events.js';
import { TRUE_OR_FALSE } from '../../validation/messages.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Whether the server sends a link by e-mail. */
export class SendDto {
  /**
   * Whether to send the link to the user's e-mail address, or to the one responsible for a service. `false`
   * by default.
   */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  send?: boolean;

  /** Language of the message. English by default. */
  @IsOptionalNonNull()
  @IsIn(MAIL_LANGUAGES)
  language?: MailLanguage;
}
