import { describe, expect, it } from '@jest/globals';
import { eventMessage } from './event-messages.js';

const event = {
  id: '019ada2e-7c1f-7000-8000-1b0a5c9d3e42',
  type: 'token.leaked' as const,
  timestamp: '2026-12-01T12:00:00.000Z',
  data: {
    users: [{ id: '019ada2e-0000-7000-8000-52f1c7d0a911', name: 'anna' }],
    tokens: [
      { id: '019ada2e-1111-7000-8000-c3d2e1f0a9b8', user: 'anna', note: '@all <!here> [x](https://evil)' },
    ],
  },
};

describe('a message for Slack and Mattermost', () => {
  it('contains no mentions, and no links with another text, from notes', () => {
    const { text } = eventMessage(event, 'slack', 'https://latchkey.example') as { text: string };

    expect(text).not.toMatch(/@all|<!|\]\(/);
    expect(text).toContain(
      '<https://latchkey.example/admin/tokens/019ada2e-1111-7000-8000-c3d2e1f0a9b8|Open Latchkey>',
    );
  });
});

describe('a message for Microsoft Teams', () => {
  it('contains notes as plain text', () => {
    const message = JSON.stringify(eventMessage(event, 'teams', 'https://latchkey.example'));

    expect(message).toContain('[x](https://evil)');
    expect(message).not.toContain('"TextBlock"');
  });
});

describe('a message for Alertmanager', () => {
  it('has a name, a severity, and the ids of the user and the token', () => {
    expect(eventMessage(event, 'alertmanager', 'https://latchkey.example')).toMatchObject([
      {
        labels: {
          alertname: 'LatchkeyTokenLeaked',
          severity: 'critical',
          user: 'anna',
          token: '019ada2e-1111-7000-8000-c3d2e1f0a9b8',
        },
        startsAt: event.timestamp,
      },
    ]);
  });
});
