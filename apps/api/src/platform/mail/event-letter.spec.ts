import { describe, expect, it } from '@jest/globals';
import { EVENT_TYPES, type EventDto } from '@latchkey/auth-models';
import { eventLetter } from './event-letter.js';

const EDITION = { publicUrl: 'https://auth.example.org', language: 'en' } as const;

const EXPIRING: EventDto = {
  id: 'a',
  type: 'token.expiring',
  timestamp: '2026-12-01T08:00:00.000Z',
  data: {
    users: [{ id: 'u', name: 'anna' }],
    days: 7,
    tokens: [
      {
        id: 't1',
        user: 'anna',
        tokenPreview: 'latchkey_…5Cd1',
        note: '<b>"CI" & co</b>',
        expirationTime: '2026-12-08T08:00:00.000Z',
      },
      { id: 't2', user: 'anna', tokenPreview: 'latchkey_…9xY2' },
    ],
  },
};

describe('eventLetter', () => {
  it('describes one event, with its tokens', () => {
    const { subject, text } = eventLetter([EXPIRING], EDITION);

    expect(subject).toBe('2 tokens of anna expire within 7 days');
    expect(text).toBe(`2 tokens of anna expire within 7 days.

- Time: 1 December 2026 at 08:00 UTC
- Token of anna: <b>"CI" & co</b> (latchkey_…5Cd1), expires 8 December 2026 at 08:00 UTC
- Token of anna: latchkey_…9xY2

Open Latchkey:
https://auth.example.org/admin/

-- 
Latchkey at https://auth.example.org sent this message. Replies are not read.
`);
  });

  it('escapes names and notes in HTML', () => {
    const { html } = eventLetter([EXPIRING], EDITION);

    expect(html).toContain('&lt;b&gt;&quot;CI&quot; &amp; co&lt;/b&gt;');
    expect(html).not.toMatch(/<b>|<img|<script|<link/);
    expect([...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, url]) => url)).toEqual([
      'https://auth.example.org/admin/',
    ]);
  });

  it('counts several events, and lists at most 50', () => {
    const { subject, text } = eventLetter(
      Array.from({ length: 53 }, () => EXPIRING),
      {
        ...EDITION,
        language: 'de',
      },
    );

    expect(subject).toBe('53 Ereignisse');
    expect(text.match(/2 Token von anna laufen innerhalb von 7 Tagen ab\./g)).toHaveLength(50);
    expect(text).toContain('Das Audit-Protokoll enthält 3 weitere Ereignisse.');
  });

  it.each(EVENT_TYPES)('has a sentence for %s without any data, in both languages', (type) => {
    for (const language of ['en', 'de'] as const) {
      const { subject } = eventLetter([{ ...EXPIRING, type, data: { days: 1 } }], { ...EDITION, language });

      expect(subject).toMatch(/^[A-Z][^\n]{10,}$/);
      expect(subject).not.toMatch(/undefined|null/);
    }
  });
});
