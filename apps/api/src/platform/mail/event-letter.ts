import { type EventDto, type EventTokenDto, type MailLanguage } from '@latchkey/auth-models';
import { type Edition, write } from './letters.js';
import { type MailContent } from './mailer.service.js';
import { type Block } from './render.js';
import { formatTime, textsOf } from './texts/mail-texts.js';

/** Events and tokens of an event that a message lists. */
const EVENTS_MAX = 50;
const TOKENS_MAX = 20;

/**
 * Returns the message about one event or several.
 *
 * @param events at least one, oldest first.
 */
export function eventLetter(events: readonly EventDto[], edition: Edition): MailContent {
  const texts = textsOf(edition.language);
  const [first] = events;
  const listed = events.slice(0, EVENTS_MAX);
  const rest = events.length - listed.length;
  return write(edition, {
    subject:
      first && events.length === 1 ? texts.events[first.type](first.data) : texts.eventCount(events.length),
    blocks: [
      ...listed.flatMap((event): Block[] => {
        const { title, lines } = describeEvent(event, edition.language);
        return [`${title}.`, { items: lines }];
      }),
      ...(rest > 0 ? [texts.moreEvents(rest)] : []),
      { label: texts.openConsole, link: `${edition.publicUrl}/admin/` },
    ],
  });
}

/** Returns a sentence about an event, and lines with its details. */
export function describeEvent(
  { type, timestamp, data }: EventDto,
  language: MailLanguage,
): { readonly title: string; readonly lines: readonly string[] } {
  const texts = textsOf(language);
  const { detail } = texts;
  const timeOf = (time: string) => formatTime(Date.parse(time), language);
  const lines = [
    detail.time(timeOf(timestamp)),
    ...(data.tokens ?? []).slice(0, TOKENS_MAX).map((token) => {
      const name = nameOf(token);
      return token.expirationTime === undefined
        ? detail.token(name, token.user)
        : detail.tokenUntil(name, token.user, timeOf(token.expirationTime));
    }),
    ...((data.tokens ?? []).length > TOKENS_MAX ? ['…'] : []),
    data.address && detail.address(data.address),
    data.reason && detail.reason(data.reason),
    data.source && detail.source(data.source),
    data.url && detail.url(data.url),
    data.count !== undefined && detail.count(data.count),
    data.lastBackup && detail.lastBackup(timeOf(data.lastBackup)),
  ];
  return {
    title: texts.events[type](data),
    lines: lines.filter((line): line is string => Boolean(line)),
  };
}

/** Returns the note and the preview of a token, or its id if it has neither. */
function nameOf({ note, tokenPreview, id }: EventTokenDto): string {
  return note && tokenPreview ? `${note} (${tokenPreview})` : note || tokenPreview || id;
}
