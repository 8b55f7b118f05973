import { type MailLanguage } from '@latchkey/auth-models';
import { type EpochMilliseconds } from '../../../common/clock.service.js';
import { de } from './de.js';
import { en } from './en.js';

/** Texts of all messages in one language. */
export type MailTexts = typeof en;

const TEXTS: Readonly<Record<MailLanguage, MailTexts>> = { en, de };

/** Returns the texts of a language. */
export function textsOf(language: MailLanguage): MailTexts {
  return TEXTS[language];
}

/** Formats a time for people, in UTC because the time zone of the recipient is unknown. */
export function formatTime(time: EpochMilliseconds, language: MailLanguage): string {
  const format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  return `${format.format(time)} UTC`;
}
