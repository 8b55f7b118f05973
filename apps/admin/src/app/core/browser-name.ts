import type { LoginDto } from '@latchkey/auth-models';
import type { Texts } from './texts/texts';

/**
 * Browser names by their product token. The order matters: each browser also claims to be those listed after
 * it.
 */
const BROWSERS = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;

/** Operating systems by a word in the user agent. The order matters: Android also claims to be Linux. */
const SYSTEMS = [
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['Mac OS X', 'macOS'],
  ['CrOS', 'ChromeOS'],
  ['Linux', 'Linux'],
] as const;

/** Returns the browser and operating system, such as `Firefox on Linux`, as the name of a session. */
export function browserName(userAgent: string, { session }: Texts): string {
  return session.browser(find(BROWSERS, userAgent), find(SYSTEMS, userAgent));
}

/** Returns the login options of this browser. The note names the browser in the list of tokens. */
export function loginOfBrowser(texts: Texts): LoginDto {
  return { note: texts.session.note(browserName(navigator.userAgent, texts)) };
}

/**
 * Whether a user agent is that of a browser listed here. The user agents of all browsers begin with
 * `Mozilla/`.
 */
export function isBrowser(userAgent: string): boolean {
  return userAgent.startsWith('Mozilla/') && find(BROWSERS, userAgent) !== undefined;
}

function find(names: readonly (readonly [string, string])[], userAgent: string): string | undefined {
  return names.find(([word]) => userAgent.includes(word))?.[1];
}
