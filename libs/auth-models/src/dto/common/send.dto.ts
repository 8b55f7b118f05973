import { IsBoolean, IsIn } from 'class-validator';
import { MAIL_LANGUAGES, type MailLanguage } from '../../lists/events.js';
import { TRUE_OR_FALSE } from '../../validation/messages.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Whether the server sends a link by e-mail. */
export class SendDto {
  /**
   * Whether to e-mail the link to the user, or for a service, to the responsible person. `false` by default.
   */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  send?: boolean;

  /** Language of the message. English by default. */
  @IsOptionalNonNull()
  @IsIn(MAIL_LANGUAGES)
  language?: MailLanguage;
}
