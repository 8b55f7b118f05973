import { Option } from 'commander';
import { MAIL_LANGUAGES, type MailLanguage } from '@latchkey/auth-models/lists';
import { asSentence } from '../command-error.js';
import { type Shell } from './shell.js';

/** Options of commands that create a link. */
export interface LinkOptions {
  out?: string;
  send?: true;
  language?: MailLanguage;
}

/** Outcome of a message with the link. */
interface Sent {
  sentTo?: string | undefined;
  sendError?: string | undefined;
}

/** Returns the option that sends the link instead of printing it. */
export function sendOption(): Option {
  return new Option('--send', "send the link to the user's e-mail address instead of printing it").conflicts(
    'out',
  );
}

/** Returns the option for the language of a message. */
export function languageOption(): Option {
  return new Option('--language <language>', 'language of the message, by default en').choices([
    ...MAIL_LANGUAGES,
  ]);
}

/** Returns the members of the result that state where the link is. A sent link is not printed. */
export function whereIs(
  link: string | undefined,
  { sentTo }: Sent,
  file: string | undefined,
): { file?: string; link?: string } {
  if (file !== undefined) {
    return { file };
  }
  return sentTo === undefined && link !== undefined ? { link } : {};
}

/** Reports that the mail server did not accept the message, after the link was printed. */
export function noteSendError({ sendError }: Sent, shell: Shell): void {
  if (sendError !== undefined) {
    shell.exitCode = 1;
    shell.output.note(`The link was not sent: ${asSentence(sendError)} Pass it on yourself.`);
  }
}
