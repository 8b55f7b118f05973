import { ALLOWED_CHARACTERS } from './allowed-characters.js';

/** Signs that user names may contain although UTS #39 does not allow them in identifiers. */
const SIGNS = '@+';

const RANGES = ALLOWED_CHARACTERS.trim()
  .split(/\s+/)
  .map((range) => range.replace(/[0-9a-f]+/g, '\\u{$&}'))
  .join('');

/**
 * Characters that are not allowed in identifiers, and a dotless i with a dot, which looks like an i (UTS #39,
 * section 5.4).
 */
const DISALLOWED = new RegExp(`[^${RANGES}${SIGNS}]|\\u0131\\p{M}*\\u0307`, 'u');

/**
 * Returns the first character of a canonical user name that is not allowed in new names, or `undefined`.
 * Characters that are not allowed in identifiers (UTS #39), such as small capitals, look like other letters.
 * Existing users keep their names.
 */
export function disallowedCharacterIn(name: string): string | undefined {
  return DISALLOWED.exec(name)?.[0];
}
