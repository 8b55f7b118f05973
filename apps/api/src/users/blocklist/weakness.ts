import { type CommonPasswords } from './common-passwords.js';
import { runEnds } from './well-trodden.js';

/** Longest unit that is worth nothing however often it is repeated. */
const SHORT_UNIT = 8;

/** Digits and signs that may stand among the parts, such as a year and an exclamation mark; never more than half of all. */
const SPARE_CHARACTERS = 6;

/** Lengths of entries of the list that are looked for inside a password. */
const LISTED_PART = { from: 5, to: 32 };

const LETTER = /[\p{L}\p{M}]/u;

/** Why a password is easily guessed: it is, in essence, on the list of common ones, or it follows a simple pattern. */
export type Weakness = 'common' | 'predictable';

/** The form in which passwords are compared with what attackers try: other cases and widths cost them next to nothing. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/**
 * Finds why a password is easily guessed: it is on the list, or repeats a short unit, or has nothing in it but words that
 * are known of its user, repeated characters, well-trodden lines, one entry of the list, and a few digits and signs.
 *
 * @param words folded.
 */
export function weaknessOf(
  password: string,
  words: readonly string[],
  list: CommonPasswords,
): Weakness | null {
  const folded = fold(password);
  const characters = [...folded];
  if (list.has(folded)) {
    return 'common';
  }
  const unit = repeatedUnit(characters);
  if (unit) {
    return unit.length <= SHORT_UNIT ? 'predictable' : weaknessOf(unit.join(''), words, list);
  }

  const known = words.map((word) => [...word]);
  const starts = reachable(characters, known);
  if (starts.has(characters.length)) {
    return 'predictable';
  }
  const parts = listedParts(characters, starts, list);
  const isCommon = parts.some((part) => reachable(characters, [...known, part]).has(characters.length));
  return isCommon ? 'common' : null;
}

/** What a text consists of again and again, at least twice; the last time may be cut short. */
function repeatedUnit(characters: readonly string[]): readonly string[] | null {
  for (let length = 1; length <= characters.length / 2; length++) {
    if (characters.every((character, at) => at < length || character === characters[at - length])) {
      return characters.slice(0, length);
    }
  }
  return null;
}

/** The places in a text that are reached from its start over parts that are worth nothing, and few other characters. */
function reachable(characters: readonly string[], words: readonly (readonly string[])[]): Set<number> {
  // By place, in ascending order of visits: how many spare characters the best way there takes.
  const spare = new Map([[0, 0]]);
  const most = Math.min(SPARE_CHARACTERS, characters.length / 2);
  for (let start = 0; start < characters.length; start++) {
    const soFar = spare.get(start);
    if (soFar === undefined) {
      continue;
    }
    const isSpare = soFar + 1 <= most && !LETTER.test(characters[start] ?? '');
    const steps = [
      ...(isSpare ? [{ end: start + 1, cost: soFar + 1 }] : []),
      ...[...runEnds(characters, start), ...wordEnds(characters, start, words)].map((end) => ({
        end,
        cost: soFar,
      })),
    ];
    for (const { end, cost } of steps) {
      spare.set(end, Math.min(cost, spare.get(end) ?? cost));
    }
  }
  return new Set(spare.keys());
}

function wordEnds(
  characters: readonly string[],
  start: number,
  words: readonly (readonly string[])[],
): number[] {
  return words
    .filter((word) => word.every((character, at) => character === characters[start + at]))
    .map((word) => start + word.length);
}

/** The entries of the list that begin at one of the places; numbers alone do not count, as any long number contains some. */
function listedParts(characters: readonly string[], starts: Set<number>, list: CommonPasswords): string[][] {
  const parts = new Set<string>();
  for (const start of starts) {
    const last = Math.min(start + LISTED_PART.to, characters.length);
    for (let end = start + LISTED_PART.from; end <= last; end++) {
      const part = characters.slice(start, end).join('');
      if (LETTER.test(part) && list.has(part)) {
        parts.add(part);
      }
    }
  }
  return [...parts].map((part) => [...part]);
}
