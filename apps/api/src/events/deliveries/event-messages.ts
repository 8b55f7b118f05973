import { type EventDto, type EventType, type WebhookFormat } from '@latchkey/auth-models';
import { describeEvent } from '../../platform/mail/event-letter.js';

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
      return slackMessage(event, publicUrl);
    case 'teams':
      return teamsMessage(event, publicUrl);
    case 'alertmanager':
      return [alert(event, publicUrl)];
  }
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

function slackMessage(event: EventDto, publicUrl: string) {
  const { title, lines } = describeEvent(event, 'en');
  const text = [`*${escapeSlack(title)}*`, ...lines.map((line) => `• ${escapeSlack(line)}`)].join('\n');
  return { text: `${text}\n<${linkTo(event, publicUrl)}|Open Latchkey>` };
}

/**
 * Escapes a text for Slack. Names and notes must not mention a whole channel or disguise a link. Mattermost
 * has no escapes for `@` and Markdown, so an invisible character breaks them up.
 */
function escapeSlack(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped.replaceAll('@', '@\u200b').replaceAll('](', ']\u200b(');
}

/** Returns an Adaptive Card in a message, which the workflows of Microsoft Teams accept. */
function teamsMessage(event: EventDto, publicUrl: string) {
  const { title, lines } = describeEvent(event, 'en');
  // Not a TextBlock, which renders Markdown: names and notes may contain it.
  const plain = (text: string) => ({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text }] });
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
            {
              type: 'RichTextBlock',
              inlines: [{ type: 'TextRun', weight: 'Bolder', text: title }],
            },
            ...lines.map(plain),
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
  const { title, lines } = describeEvent(event, 'en');
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
    annotations: { summary: title, description: lines.join('\n'), event: event.id },
    startsAt: event.timestamp,
    generatorURL: linkTo(event, publicUrl),
  };
}
