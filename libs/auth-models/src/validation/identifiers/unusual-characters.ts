import { ALLOWED_CHARACTERS } from './allowed-characters.js';

/** The signs of user names are allowed as well. */
const SIGNS = '@+';

const RANGES = ALLOWED_CHARACTERS.trim()
  .split(/\s+/)
  .map((range) => range.replace(/[0-9a-f]+/g, '\\u{$&}'))
  .join('');

/** Characters that are not allowed in identifiers, and a dotless i with a dot, which looks like an i (UTS #39, section 5.4). */
const UNUSUAL = new RegExp(`[^${RANGES}${SIGNS}]|\\u0131\\p{M}*\\u0307`, 'u');

/**
 * Returns the first character of a canonical user name that new names cannot have, or `undefined`: characters that are not
 * allowed in identifiers (UTS #39), such as small capitals, which look like other letters. Users who already have such a name keep it.
 */
export function unusualCharacterIn(name: string): string | undefined {
  return UNUSUAL.exec(name)?.[0];
}
