/** What fingers and memory follow by themselves: digits, keyboards along and across their rows, alphabets. */
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

/** The shortest piece of a line that is taken for one. */
const SHORTEST_PIECE = 3;

/** Where runs that begin at a place may end: one character again and again, or a piece of a well-trodden line. */
export function* runEnds(characters: readonly string[], start: number): Generator<number> {
  for (let end = start + 2; end <= characters.length && characters[end - 1] === characters[start]; end++) {
    yield end;
  }
  for (let end = start + SHORTEST_PIECE; end <= characters.length; end++) {
    if (!BOTH_WAYS.includes(characters.slice(start, end).join(''))) {
      return;
    }
    yield end;
  }
}
