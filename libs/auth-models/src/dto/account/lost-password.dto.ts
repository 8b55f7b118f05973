import { IsIn } from 'class-validator';
import { EMAIL_MAX_LENGTH } from '../../limits.js';
import { MAIL_LANGUAGES, type MailLanguage } from '../../lists/events.js';
import { IsNonEmptyLine } from '../../validation/members.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Request for a link to choose a new password. */
export class LostPasswordDto {
  /** Name of the user in any spelling, or the e-mail address. */
  @IsNonEmptyLine(EMAIL_MAX_LENGTH)
  user: string;

  /** Language of the message. English by default. */
  @IsOptionalNonNull()
  @IsIn(MAIL_LANGUAGES)
  language?: MailLanguage;
}
