import { PASSWORD_MAX_LENGTH } from '@latchkey/auth-models';
import { type CommonPasswords } from './common-passwords.js';
import { runEnds } from './well-trodden.js';

/** Longest unit that is worth nothing however often it is repeated. */
const SHORT_UNIT = 8;

/** Digits and signs that may stand among the parts, such as a year and an exclamation mark; never more than half of all. */
const SPARE_CHARACTERS = 6;

/** Lengths of entries of the list that are looked for inside a password. */
const LISTED_PART = { from: 5, to: 32 };

/** Characters that are judged: folding turns one into as many as 18, and the server must not spend seconds on them. */
const JUDGED_CHARACTERS = PASSWORD_MAX_LENGTH;

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
  const characters = [...folded].slice(0, JUDGED_CHARACTERS);
  if (list.has(folded)) {
    return 'common';
  }
  const unit = repeatedUnit(characters);
  if (unit) {
    return unit.length <= SHORT_UNIT ? 'predictable' : weaknessOf(unit.join(''), words, list);
  }

  const ways = worthlessParts(characters, words);
  const starts = reachable(characters, ways);
  if (starts.has(characters.length)) {
    return 'predictable';
  }
  const parts = listedParts(characters, starts, list);
  const isCommon = parts.some((part) => reachable(characters, ways, part).has(characters.length));
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

/** For each place in a text, the ends of the runs and known words that begin there. */
function worthlessParts(characters: readonly string[], words: readonly string[]): number[][] {
  const known = words.map((word) => [...word]).filter((word) => word.length <= characters.length);
  return characters.map((_, start) => [
    ...runEnds(characters, start),
    ...known.filter((word) => isAt(characters, start, word)).map((word) => start + word.length),
  ]);
}

/**
 * The places in a text that are reached from its start over worthless parts and a few spare characters.
 *
 * @param ways {@link worthlessParts} of the text.
 * @param part one more worthless text.
 */
function reachable(
  characters: readonly string[],
  ways: readonly (readonly number[])[],
  part?: readonly string[],
): Set<number> {
  // By place: the number of spare characters on the best way there.
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

/** The entries of the list that begin at one of the places; numbers alone do not count, as any long number contains some. */
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
