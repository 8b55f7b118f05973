import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

/** Sources of the server that contain reasons and remarks. */
const SERVER = [
  'health/readiness.ts',
  'platform/revocation/revocation-listener.ts',
  'audit/trail/clock-check.ts',
].map((path) => readFileSync(`apps/api/src/${path}`, 'utf8'));

/** Returns the keys of a member in the settings texts of the console, which are messages of the server. */
function messagesIn(language: string, member: string): string[] {
  const texts = readFileSync(`apps/admin/src/app/core/texts/${language}/settings.ts`, 'utf8');
  const [, content = ''] = new RegExp(`^ {2}${member}: \\{\\n(.*?)^ {2}\\}`, 'ms').exec(texts) ?? [];
  return [...content.matchAll(/^ {4}'([^']+)':/gm)].map(([, message = '']) => message);
}

// The console finds its translations by the message. A changed message would appear in English.
describe('the health messages in the console', () => {
  it.each([
    ['de', 'healthReasons', 3],
    ['de', 'healthRemarks', 3],
    ['en', 'healthRemarks', 3],
  ])('are messages of the server in %s %s', (language, member, count) => {
    const messages = messagesIn(language, member);

    expect(messages).toHaveLength(count);
    expect(messages.filter((message) => !SERVER.some((source) => source.includes(`'${message}'`)))).toEqual(
      [],
    );
  });

  it('include each reason of the server in German', () => {
    const reasons = SERVER.flatMap((source) => [...source.matchAll(/reason: '([^']+)'/g)]);

    expect(messagesIn('de', 'healthReasons').sort()).toEqual(reasons.map(([, reason]) => reason).sort());
  });
});
