import { PROTOTYPES } from './prototypes.js';

const PROTOTYPE_OF = new Map(
  PROTOTYPES.split(/;\s*/)
    .map((entry) => entry.trim().split(' '))
    .flatMap(([prototype = '', ...sources]) =>
      sources.map((source) => [text(source), text(prototype)] as const),
    ),
);

/**
 * Returns the skeleton of a canonical user name (UTS #39, section 4): names with the same skeleton look alike. It is for
 * comparison only and never shown.
 */
export function skeletonOf(name: string): string {
  // A combining dot above replaces the dot of i and j, so both look the same.
  return [...name.normalize('NFD').replace(/([ij])\u0307/g, '$1')]
    .map((character) => PROTOTYPE_OF.get(character) ?? character)
    .join('')
    .normalize('NFD');
}

/** Returns the text of some code points: hexadecimal with `+` between. */
function text(codePoints: string): string {
  return codePoints
    .split('+')
    .map((hex) => String.fromCodePoint(parseInt(hex, 16)))
    .join('');
}
