import { type MailLanguage } from '@latchkey/auth-models';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { type MailContent } from './mailer.service.js';
import { type Letter, render } from './render.js';
import { formatTime, textsOf } from './texts/mail-texts.js';

/** Server and language of a message. */
export interface Edition {
  /** Configured origin of the server. Links never come from a request. */
  readonly publicUrl: string;
  readonly language: MailLanguage;
}

/** One-time link in a message. */
interface LinkLetter {
  readonly link: string;
  readonly expirationTime: EpochMilliseconds;
  /** Name of the user whom the link is for. */
  readonly user: string;
}

/** Renders a message with the footer of the server. */
export function write(edition: Edition, letter: Omit<Letter, 'footer'>): MailContent {
  const footer = textsOf(edition.language).footer(edition.publicUrl);
  return render({ ...letter, footer }, edition.language);
}

/** Returns the message with a claim link. */
export function offerLetter(
  {
    link,
    expirationTime,
    user,
    sender,
    note,
  }: LinkLetter & { readonly sender: string; readonly note?: string },
  edition: Edition,
): MailContent {
  const { offer, linkUse } = textsOf(edition.language);
  return write(edition, {
    subject: offer.subject,
    blocks: [
      offer.text(sender, user),
      ...(note ? [offer.note(note)] : []),
      { label: offer.link, link },
      linkUse(formatTime(expirationTime, edition.language)),
      offer.secret,
    ],
  });
}

/** Returns the message of `latchkey mail test`. */
export function testLetter(edition: Edition): MailContent {
  const { subject, text } = textsOf(edition.language).test;
  return write(edition, { subject, blocks: [text] });
}

/** Returns the message to a user who has lost the password. */
export function lostPasswordLetter(
  { link, expirationTime, user }: LinkLetter,
  edition: Edition,
): MailContent {
  const { lostPassword, setUp, linkUse } = textsOf(edition.language);
  return write(edition, {
    subject: lostPassword.subject,
    blocks: [
      lostPassword.text(user),
      { label: setUp.link, link },
      linkUse(formatTime(expirationTime, edition.language)),
      lostPassword.ignore,
    ],
  });
}

/** Returns the message with a set-up link. */
export function setUpLetter(
  { link, expirationTime, user, sender }: LinkLetter & { readonly sender: string },
  edition: Edition,
): MailContent {
  const { setUp, linkUse } = textsOf(edition.language);
  return write(edition, {
    subject: setUp.subject,
    blocks: [
      setUp.text(sender, user),
      { label: setUp.link, link },
      linkUse(formatTime(expirationTime, edition.language)),
    ],
  });
}
