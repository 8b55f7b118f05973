import { readFileSync } from 'node:fs';

/**
 * Characters of user names that look like others (UTS #39, Unicode 16.0.0): prototypes, each with the code
 * points that are mistaken for it, in hexadecimal. Built by build-table.mjs; LICENSE.md has the licence of
 * the data.
 */
const PROTOTYPES = new URL('prototypes.txt', import.meta.url);

const PROTOTYPE_OF = new Map(
  readFileSync(PROTOTYPES, 'utf8')
    .split(/;\s*/)
    .map((entry) => entry.trim().split(' '))
    .flatMap(([prototype = '', ...sources]) =>
      sources.map((source) => [text(source), text(prototype)] as const),
    ),
);

/** Marks below a letter and within it. In NFD they come before marks above it. */
const MARKS_BELOW = Array.from({ length: 0x70 }, (_, index) => String.fromCharCode(0x300 + index))
  .filter((mark) => `\u0307${mark}`.normalize('NFD') === `${mark}\u0307` && mark !== '\u0307')
  .join('');

/** An i or j with a combining dot above. The dot replaces the dot of the letter, so both look the same. */
const DOTTED = new RegExp(`([ij][${MARKS_BELOW}]*)\u0307`, 'g');

/**
 * Returns the skeleton of a canonical user name (UTS #39, section 4): names with the same skeleton look
 * alike. It is for comparison only and never shown.
 */
export function skeletonOf(name: string): string {
  return [...name.normalize('NFD')]
    .map((character) => PROTOTYPE_OF.get(character) ?? character)
    .join('')
    .normalize('NFD')
    .replace(DOTTED, '$1');
}

/** Returns the text of some code points: hexadecimal with `+` between. */
function text(codePoints: string): string {
  return codePoints
    .split('+')
    .map((hex) => String.fromCodePoint(parseInt(hex, 16)))
    .join('');
}
