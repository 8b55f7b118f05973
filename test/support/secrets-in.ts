import { PASSWORD } from './factories.js';

const KINDS: [string, RegExp][] = [
  ['token', /lk_[0-9A-Za-z]{33}/],
  ['hash', /\$argon2/],
  ['password', new RegExp(PASSWORD)],
];

/** Long enough for a name and a token, and for a digest, whichever alphabet it is written in. */
const ENCODED = /[A-Za-z0-9+/_-]{40,}/g;

/** Which kinds of secrets a text holds, plainly or in base64. */
export function secretsIn(text: string): string[] {
  const decoded = (text.match(ENCODED) ?? []).map((run) => Buffer.from(run, 'base64').toString('latin1'));
  const whole = [text, ...decoded].join('\n');
  return KINDS.filter(([, pattern]) => pattern.test(whole)).map(([kind]) => kind);
}
