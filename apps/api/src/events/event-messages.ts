import { type EventDto, type EventType, type WebhookFormat } from '@latchkey/auth-models';

/** Names of tokens and users in a message. Others are counted. */
const NAMED_MAX = 5;

/** Severity of alerts, as Prometheus users name them. */
const SEVERITY: Partial<Record<EventType, 'critical' | 'warning'>> = {
  'token.leaked': 'critical',
  'token.canary_used': 'critical',
  'audit.check_failed': 'critical',
  'token.expiring': 'warning',
  'token.old_secret_used': 'warning',
  'verifier.token_expiring': 'warning',
  'backup.overdue': 'warning',
};

/** Returns the body of a webhook for an event. */
export function eventMessage(event: EventDto, format: WebhookFormat, publicUrl: string): unknown {
  switch (format) {
    case 'standard':
      return event;
    case 'slack':
      return { text: `${escapeSlack(eventText(event))}\n<${linkTo(event, publicUrl)}|Open Latchkey>` };
    case 'teams':
      return teamsMessage(event, publicUrl);
    case 'alertmanager':
      return [alert(event, publicUrl)];
  }
}

/** Returns a short text about an event, such as `Expires in 7 days: latchkey_…5Cd1 (deploy) of ci.` */
export function eventText({ type, data }: EventDto): string {
  const { actor, users = [], days = 0, address, reason, lastBackup } = data;
  const tokens = tokensIn(data);
  const who = actor ? ` by ${actor.name}` : '';
  const why = reason === undefined ? '' : ` Reason: ${reason}`;
  const from = address === undefined ? '' : ` from ${address}`;
  switch (type) {
    case 'token.expiring':
      return `Expires in ${inDays(days)}: ${tokens}.`;
    case 'verifier.token_expiring':
      return `The token of a verifier expires in ${inDays(days)}: ${tokens}.`;
    case 'token.created':
      return `Created${who}: ${tokens}.`;
    case 'token.rotated':
      return `Rotated${who}: ${tokens}.${why}`;
    case 'token.revoked':
      return `Revoked${who}: ${tokens}.${why}`;
    case 'token.leaked':
      return `Leaked: ${tokens}.${foundIn(data)}${why}`;
    case 'token.canary_used':
      return `Canary used${from}: ${tokens}.${foundIn(data)}`;
    case 'token.old_secret_used':
      return `The old secret is still in use: ${tokens}.`;
    case 'user.disabled':
      return `Disabled${who}: ${list(users.map(({ name }) => name))}.`;
    case 'login.new_network':
      return `${list(users.map(({ name }) => name))} logged in from a new network${address === undefined ? '' : `: ${address}`}.`;
    case 'offer.waiting':
      return `${list(users.map(({ name }) => name))} requests a token.${why}`;
    case 'audit.check_failed':
      return 'The check of the audit trail found problems.';
    case 'backup.overdue':
      return `The last backup is too old${lastBackup === undefined ? '' : `: ${lastBackup}`}.`;
  }
}

function tokensIn({ tokens = [], users = [], allTokens }: EventDto['data']): string {
  if (allTokens) {
    return users.length === 0 ? 'all tokens' : `all tokens of ${list(users.map(({ name }) => name))}`;
  }
  return list(
    tokens.map(({ tokenPreview = 'a token', user, note }) => {
      const purpose = note === undefined ? '' : ` (${note})`;
      return `${tokenPreview}${purpose} of ${user}`;
    }),
  );
}

function foundIn({ source, url }: EventDto['data']): string {
  const by = source === undefined ? '' : ` Found by ${source}.`;
  return url === undefined ? by : `${by} See ${url}`;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, NAMED_MAX).join(', ');
  return names.length > NAMED_MAX ? `${shown} and ${names.length - NAMED_MAX} more` : shown;
}

function inDays(days: number): string {
  return days === 1 ? 'one day' : `${days} days`;
}

/** Returns the page of the console about an event. */
export function linkTo({ type, data: { tokens = [], offer } }: EventDto, publicUrl: string): string {
  const [token, ...others] = tokens;
  if (offer !== undefined) {
    return `${publicUrl}/admin/offers`;
  }
  if (token && others.length === 0) {
    return `${publicUrl}/admin/tokens/${encodeURIComponent(token.id)}`;
  }
  return `${publicUrl}/admin/${type.startsWith('token.') ? 'tokens' : ''}`;
}

function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Returns an Adaptive Card in a message, which the workflows of Microsoft Teams accept. */
function teamsMessage(event: EventDto, publicUrl: string) {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            { type: 'TextBlock', weight: 'Bolder', text: event.type },
            // Not a TextBlock, which renders Markdown: names and notes may contain it.
            { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: eventText(event) }] },
          ],
          actions: [{ type: 'Action.OpenUrl', title: 'Open Latchkey', url: linkTo(event, publicUrl) }],
        },
      },
    ],
  };
}

/** Returns an alert for `POST /api/v2/alerts` of Alertmanager. */
function alert(event: EventDto, publicUrl: string) {
  const { users = [], tokens = [] } = event.data;
  const [user] = users;
  const [token] = tokens;
  const name = event.type.replaceAll(/(?:^|[._])(\w)/g, (_, letter: string) => letter.toUpperCase());
  return {
    labels: {
      alertname: `Latchkey${name}`,
      severity: SEVERITY[event.type] ?? 'info',
      type: event.type,
      ...(users.length === 1 && user && { user: user.name }),
      ...(tokens.length === 1 && token && { token: token.id }),
    },
    annotations: { summary: eventText(event), event: event.id },
    startsAt: event.timestamp,
    generatorURL: linkTo(event, publicUrl),
  };
}
