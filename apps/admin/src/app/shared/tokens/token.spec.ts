import type { UserTokenDto } from '@latchkey/auth-models';
import { EN } from '../../core/texts/en';
import { tokenName, tokenNote, effectiveExpiry } from './token';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

describe('tokenName', () => {
  it('names the browser of a session', () => {
    expect(tokenName({ kind: 'session', note: FIREFOX, tokenPreview: 'latchkey_…WdT6' }, EN)).toBe(
      'Firefox on Linux',
    );
  });

  it.each([
    ['session', 'curl/8.14.1'],
    ['session', 'Mozilla/5.0 (compatible; SomeBot/2.1)'],
    ['session', 'Chrome/ is what I wrote'],
    ['api', FIREFOX],
  ] as const)('leaves the note of a token of kind %s as it is: %s', (kind, note) => {
    expect(tokenName({ kind, note, tokenPreview: 'latchkey_…WdT6' }, EN)).toBe(note);
  });

  it('falls back to the last characters', () => {
    expect(tokenName({ kind: 'api', note: '', tokenPreview: 'latchkey_…WdT6' }, EN)).toBe('latchkey_…WdT6');
    expect(tokenNote({ kind: 'api', note: '' }, EN)).toBeNull();
  });
});

describe('effectiveExpiry', () => {
  it('returns the earlier of idle and absolute expiry', () => {
    const token = { idleExpirationTime: '2026-12-02T00:00:00Z', expirationTime: '2026-11-30T00:00:00Z' };

    expect(effectiveExpiry(token as UserTokenDto)).toBe('2026-11-30T00:00:00Z');
  });

  it('returns null for a token without expiry', () => {
    expect(effectiveExpiry({} as UserTokenDto)).toBeNull();
  });
});
