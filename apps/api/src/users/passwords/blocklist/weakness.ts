import { PASSWORD_MAX_LENGTH } from '@latchkey/auth-models';
import { type CommonPasswords } from './common-passwords.js';
import { runEnds } from './predictable-runs.js';

/** Length of the longest unit that is guessable regardless of the number of repetitions. */
const SHORT_UNIT = 8;

/**
 * Digits and signs allowed among the guessable parts, such as a year and an exclamation mark; at most half of
 * the text.
 */
const SPARE_CHARACTERS = 6;

/** Lengths of list entries that are searched for inside a password. */
const LISTED_PART = { from: 5, to: 32 };

/** Characters that are checked. Folding can turn one into 18, and checking them all could take seconds. */
const CHECKED_CHARACTERS = PASSWORD_MAX_LENGTH;

const LETTER = /[\p{L}\p{M}]/u;

/** Reason why a password is guessable: it is close to a common password, or it follows a simple pattern. */
export type Weakness = 'common' | 'predictable';

/** Normalizes case and width, because attackers vary them at almost no cost. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/**
 * Returns why a password is guessable. It is on the list, or repeats a short unit, or consists only of words
 * associated with its user, repeated characters, sequences, one entry of the list, and a few digits and
 * signs.
 *
 * @param words folded words associated with the user.
 */
export function weaknessOf(
  password: string,
  words: readonly string[],
  list: CommonPasswords,
): Weakness | null {
  const folded = fold(password);
  const characters = [...folded].slice(0, CHECKED_CHARACTERS);
  if (list.has(folded)) {
    return 'common';
  }
  const unit = repeatedUnit(characters);
  if (unit) {
    return unit.length <= SHORT_UNIT ? 'predictable' : weaknessOf(unit.join(''), words, list);
  }

  const ways = guessableParts(characters, words);
  const starts = reachable(characters, ways);
  if (starts.has(characters.length)) {
    return 'predictable';
  }
  const parts = listedParts(characters, starts, list);
  const isCommon = parts.some((part) => reachable(characters, ways, part).has(characters.length));
  return isCommon ? 'common' : null;
}

/** Returns the unit that a text repeats at least twice; the last repetition may be incomplete. */
function repeatedUnit(characters: readonly string[]): readonly string[] | null {
  for (let length = 1; length <= characters.length / 2; length++) {
    if (characters.every((character, at) => at < length || character === characters[at - length])) {
      return characters.slice(0, length);
    }
  }
  return null;
}

/** Returns, for each position in a text, the ends of the runs and known words that begin there. */
function guessableParts(characters: readonly string[], words: readonly string[]): number[][] {
  const known = words.map((word) => [...word]).filter((word) => word.length <= characters.length);
  return characters.map((_, start) => [
    ...runEnds(characters, start),
    ...known.filter((word) => isAt(characters, start, word)).map((word) => start + word.length),
  ]);
}

/**
 * Returns the positions in a text that are reachable from its start over guessable parts and a few spare
 * characters.
 *
 * @param ways {@link guessableParts} of the text.
 * @param part one more guessable text.
 */
function reachable(
  characters: readonly string[],
  ways: readonly (readonly number[])[],
  part?: readonly string[],
): Set<number> {
  // The number of spare characters on the best path, by position.
  const spare = new Map([[0, 0]]);
  const most = Math.min(SPARE_CHARACTERS, characters.length / 2);
  const reach = (end: number, cost: number) => spare.set(end, Math.min(cost, spare.get(end) ?? cost));

  for (const [start, ends] of ways.entries()) {
    const soFar = spare.get(start);
    if (soFar === undefined) {
      continue;
    }
    ends.forEach((end) => reach(end, soFar));
    if (part && isAt(characters, start, part)) {
      reach(start + part.length, soFar);
    }
    if (soFar + 1 <= most && !LETTER.test(characters[start] ?? '')) {
      reach(start + 1, soFar + 1);
    }
  }
  return new Set(spare.keys());
}

function isAt(characters: readonly string[], start: number, part: readonly string[]): boolean {
  return part.every((character, at) => character === characters[start + at]);
}

/**
 * Returns the list entries that begin at one of the positions. Numbers do not count: any long number contains
 * some.
 */
function listedParts(characters: readonly string[], starts: Set<number>, list: CommonPasswords): string[][] {
  const found = new Map<string, ReturnType<CommonPasswords['find']>>();
  for (const start of starts) {
    const last = Math.min(start + LISTED_PART.to, characters.length);
    for (let end = start + LISTED_PART.from; end <= last; end++) {
      const part = characters.slice(start, end).join('');
      const match = found.get(part) ?? list.find(part);
      found.set(part, match);
      if (match === null) {
        break;
      }
    }
  }
  return [...found]
    .filter(([part, match]) => match === 'entry' && LETTER.test(part))
    .map(([part]) => [...part]);
}
