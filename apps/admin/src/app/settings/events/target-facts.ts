import type { EventTargetDto, EventType } from '@latchkey/auth-models';
import { EVENT_TYPES } from '@latchkey/auth-models/lists';
import type { Texts } from '../../core/texts/texts';

/** State of a target for people. `stopped` = disabled by the server. */
export type TargetState = 'enabled' | 'disabled' | 'failing' | 'stopped';

/** Types of events in groups, in the order of the form. */
export const TYPE_GROUPS = {
  tokens: [
    'token.leaked',
    'token.canary_used',
    'token.expiring',
    'verifier.token_expiring',
    'token.old_secret_used',
    'offer.waiting',
    'token.created',
    'token.rotated',
    'token.revoked',
  ],
  users: ['login.new_network', 'user.disabled'],
  server: ['audit.check_failed', 'backup.overdue'],
} as const satisfies Record<string, readonly EventType[]>;

/** Types that a new target receives unless the user chooses others: those that call for action. */
export const URGENT_TYPES: readonly EventType[] = [
  'token.leaked',
  'token.canary_used',
  'token.expiring',
  'verifier.token_expiring',
  'token.old_secret_used',
  'audit.check_failed',
  'backup.overdue',
];

/** Recipients that a row of a list shows. */
const SHOWN_RECIPIENTS = 2;

export function stateOf({ enabled, disabledReason, failingSince }: EventTargetDto): TargetState {
  if (!enabled) {
    return disabledReason === undefined ? 'disabled' : 'stopped';
  }
  return failingSince === undefined ? 'enabled' : 'failing';
}

/** Returns the recipients of e-mail. */
export function recipientsOf({ addresses = [], toOwners }: EventTargetDto, { events }: Texts): string[] {
  return [...addresses, ...(toOwners ? [events.owners] : [])];
}

/** Returns the host of a webhook, or the first recipients of e-mail and the number of the others. */
export function shortDestinationOf(target: EventTargetDto, texts: Texts): string {
  const { url } = target;
  if (url !== undefined) {
    return URL.canParse(url) ? new URL(url).host : url;
  }
  const recipients = recipientsOf(target, texts);
  const hidden = recipients.length - SHOWN_RECIPIENTS;
  // Instead of a single one, its number would take as much room.
  return hidden <= 1
    ? recipients.join(', ')
    : texts.events.andMore(recipients.slice(0, SHOWN_RECIPIENTS).join(', '), hidden);
}

/** Returns the format of a webhook, or when and in which language e-mail is sent. */
export function methodOf({ kind, format, schedule, language }: EventTargetDto, { events }: Texts): string {
  return [
    ...(format === undefined ? [events.kinds[kind]] : [events.formats[format]]),
    ...(schedule === undefined ? [] : [events.schedules[schedule]]),
    ...(language === undefined ? [] : [events.languages[language]]),
  ].join(' · ');
}

/** Returns the name of a single type, or the number of types. */
export function typesInWords(types: readonly EventType[], { events }: Texts): string {
  const [first] = types;
  if (types.length === EVENT_TYPES.length) {
    return events.allTypes;
  }
  return types.length === 1 && first !== undefined
    ? events.types[first].label
    : events.typeCount(types.length);
}

/** Returns the filters of a target in words. */
export function filtersOf({ user, api }: EventTargetDto, { events }: Texts): string[] {
  return [
    ...(user === undefined ? [] : [events.onlyUser(user)]),
    ...(api === undefined ? [] : [events.onlyApi(api)]),
  ];
}
