import type { Texts } from './texts/texts';

/** Browsers by a word in their user agent; the first that fits, as each claims to be the ones before it was. */
const BROWSERS = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;

/** Systems by a word in the user agent; the first that fits. */
const SYSTEMS = [
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['Mac OS X', 'macOS'],
  ['CrOS', 'ChromeOS'],
  ['Linux', 'Linux'],
] as const;

/** A browser and its system in words, such as `Firefox on Linux`, for people to recognise a session by. */
export function browserName(userAgent: string, { session }: Texts): string {
  return session.browser(find(BROWSERS, userAgent), find(SYSTEMS, userAgent));
}

/** Whether a user agent is that of a browser that has a name here: they all begin alike. */
export function isBrowser(userAgent: string): boolean {
  return userAgent.startsWith('Mozilla/') && find(BROWSERS, userAgent) !== undefined;
}

function find(names: readonly (readonly [string, string])[], userAgent: string): string | undefined {
  return names.find(([word]) => userAgent.includes(word))?.[1];
}
