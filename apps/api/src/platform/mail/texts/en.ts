import { type EventDataDto, type EventType } from '@latchkey/auth-models';

function ofUser({ users: [first, ...others] = [] }: EventDataDto): string {
  return first === undefined
    ? ''
    : others.length === 0
      ? ` of ${first.name}`
      : ` of ${others.length + 1} users`;
}

const byActor = ({ actor }: EventDataDto) => (actor === undefined ? '' : ` by ${actor.name}`);

/** Returns `A token`, `3 tokens` or `All tokens`. */
function tokens({ tokens: affected = [], allTokens }: EventDataDto): string {
  return allTokens ? 'All tokens' : affected.length < 2 ? 'A token' : `${affected.length} tokens`;
}

const events: Readonly<Record<EventType, (data: EventDataDto) => string>> = {
  'token.expiring': (data) =>
    `${tokens(data)}${ofUser(data)} ${(data.tokens ?? []).length > 1 ? 'expire' : 'expires'} within ${data.days === 1 ? 'one day' : `${data.days} days`}`,
  'token.created': (data) => `${tokens(data)}${ofUser(data)} created${byActor(data)}`,
  'token.rotated': (data) => `${tokens(data)}${ofUser(data)} rotated${byActor(data)}`,
  'token.revoked': (data) => `${tokens(data)}${ofUser(data)} revoked${byActor(data)}`,
  'token.leaked': (data) => `${tokens(data)}${ofUser(data)} reported as leaked`,
  'token.canary_used': (data) => `Someone used a canary${ofUser(data)}`,
  'token.old_secret_used': (data) => `A client still uses the old secret of a token${ofUser(data)}`,
  'verifier.token_expiring': (data) =>
    `The token of a verifier expires within ${data.days === 1 ? 'one day' : `${data.days} days`}`,
  'user.disabled': ({ users: [first, ...others] = [], ...data }) =>
    `${others.length === 0 ? `User ${first?.name ?? ''}` : `${others.length + 1} users`} disabled${byActor(data)}`,
  'login.new_network': ({ users: [user] = [] }) => `${user?.name ?? 'A user'} signed in from a new network`,
  'offer.waiting': (data) => `${data.actor?.name ?? 'A user'} requests a token`,
  'audit.check_failed': () => 'A check of the audit trail found problems',
  'backup.overdue': () => 'The database has not been backed up for more than a week',
};

/** English texts of messages. */
export const en = {
  footer: (server: string) => `Latchkey at ${server} sent this message. Replies are not read.`,
  test: {
    subject: 'Test message from Latchkey',
    text: 'Latchkey can send e-mail with these settings.',
  },
  setUp: {
    subject: 'Choose your password',
    text: (sender: string, user: string) => `${sender} sent you a link to choose the password for "${user}".`,
    link: 'Choose your password',
  },
  lostPassword: {
    subject: 'Choose a new password',
    text: (user: string) => `Someone requested a link to choose a new password for "${user}".`,
    ignore: 'If it was not you, ignore this message. Your password has not changed.',
  },
  linkUse: (until: string) => `The link works once, until ${until}.`,
  offer: {
    subject: 'An API token for you',
    text: (sender: string, user: string) => `${sender} offers an API token to "${user}".`,
    note: (note: string) => `Note: ${note}`,
    link: 'Create the token',
    secret: 'Only you see its secret. The first person to use the link gets the token, so do not forward it.',
  },
  events,
  /** Subject of a message about several events. */
  eventCount: (count: number) => `${count} events`,
  moreEvents: (count: number) => `The audit trail contains ${count} more events.`,
  openConsole: 'Open Latchkey',
  /** Parts of the list about one event. */
  detail: {
    time: (time: string) => `Time: ${time}`,
    token: (token: string, user: string) => `Token of ${user}: ${token}`,
    tokenUntil: (token: string, user: string, until: string) =>
      `Token of ${user}: ${token}, expires ${until}`,
    address: (address: string) => `Address: ${address}`,
    reason: (reason: string) => `Reason: ${reason}`,
    source: (source: string) => `Found by: ${source}`,
    url: (url: string) => `Found at: ${url}`,
    count: (count: number) => `Count: ${count}`,
    lastBackup: (time: string) => `Last backup: ${time}`,
  },
};
