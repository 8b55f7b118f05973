import { durationText } from './duration';

describe('durationText', () => {
  it.each([
    ['LATCHKEY_SESSION_IDLE_SECONDS', '604800', '7 days'],
    ['LATCHKEY_SESSION_IDLE_SECONDS', '129600', '1 day 12 hours'],
    ['LATCHKEY_SHUTDOWN_SECONDS', '90', '1 minute 30 seconds'],
    ['LATCHKEY_TOKEN_CACHE_SECONDS', '0', '0 seconds'],
    ['LATCHKEY_STATEMENT_TIMEOUT_MS', '2500', '2.5 seconds'],
  ])('formats %s=%s', (name, value, words) => {
    expect(durationText(name, value, 'en')).toBe(words);
  });

  it('formats durations in the language of the console', () => {
    expect(durationText('LATCHKEY_SESSION_MAX_SECONDS', '2592000', 'de')).toBe('30 Tage');
  });

  it.each([
    ['PORT', '3000'],
    ['LATCHKEY_SESSION_IDLE_SECONDS', ''],
  ])('returns null for %s=%s', (name, value) => {
    expect(durationText(name, value, 'en')).toBeNull();
  });
});
