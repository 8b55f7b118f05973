/** Sequences that are easy to type or remember: digits, rows and columns of keyboards, alphabets. */
const LINES = [
  ...['12345678901234567890', '!@#$%^&*()'],
  ...['qwertyuiop[]', "asdfghjkl;'", 'zxcvbnm,./'],
  ...['qwertzuiopü+', 'asdfghjklöä#', 'yxcvbnm,.-'],
  ...['azertyuiop^$', 'qsdfghjklmù*', 'wxcvbn,;:!'],
  ...['йцукенгшщзхъ', 'фывапролджэ', 'ячсмитьбю.'],
  ...['1qaz', '2wsx', '3edc', '4rfv', '5tgb', '6yhn', '7ujm', '8ik,', '9ol.', '0p;/'],
  ...['1q2w3e4r5t6y7u8i9o0p', 'q1w2e3r4t5y6u7i8o9p0'],
  ...['1a2b3c4d5e6f7g8h9i0j', 'a1b2c3d4e5f6g7h8i9j0'],
  ...['abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz'],
  ...['абвгдеёжзийклмнопрстуфхцчшщъыьэюя', 'αβγδεζηθικλμνξοπρστυφχψω'],
].join('\n');
const BOTH_WAYS = `${LINES}\n${[...LINES].reverse().join('')}`;

/**
 * Lengths of the shortest runs. Longer runs are sums of these, so the number of steps grows linearly with the
 * text.
 */
const REPEATED = [2, 3];
const PIECES = [3, 4, 5];

/**
 * Returns the end positions of the shortest runs that begin at a position: a repeated character, or part of a
 * sequence. Following them reaches the end of every longer run too.
 */
export function runEnds(characters: readonly string[], start: number): number[] {
  return [
    ...REPEATED.filter((length) => isRepeated(characters, start, length)),
    ...PIECES.filter((length) => isPiece(characters, start, length)),
  ].map((length) => start + length);
}

function isRepeated(characters: readonly string[], start: number, length: number): boolean {
  const end = start + length;
  return end <= characters.length && characters.slice(start, end).every((one) => one === characters[start]);
}

function isPiece(characters: readonly string[], start: number, length: number): boolean {
  const end = start + length;
  return end <= characters.length && BOTH_WAYS.includes(characters.slice(start, end).join(''));
}
