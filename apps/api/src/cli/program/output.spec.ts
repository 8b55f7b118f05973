import { describe, expect, it } from '@jest/globals';
import { printable, table } from './output.js';

describe('table', () => {
  it('aligns columns, without borders and trailing spaces', () => {
    const rows = [
      ['anna', 'active', ''],
      ['bartholomäus', 'revoked', '暗号'],
    ];

    expect(table(['USER', 'STATE', 'NOTE'], rows)).toBe(
      ['USER          STATE    NOTE', 'anna          active', 'bartholomäus  revoked  暗号'].join('\n'),
    );
  });

  it('replaces control characters in cells', () => {
    expect(table(['NOTE'], [['\u001B[2Jgone\nnext\u009B31m']])).toBe(
      'NOTE\n\uFFFD[2Jgone\uFFFDnext\uFFFD31m',
    );
  });
});

describe('printable', () => {
  it.each(['\0', '\r', '\u0085', '\u2028', '\u202E', '\u2066', '\uD800'])('replaces %j', (character) => {
    expect(printable(`a${character}b`)).toBe('a\uFFFDb');
  });

  it('keeps letters of all scripts', () => {
    expect(printable('Ünal, 暗号, عمر, 👩‍👧')).toBe('Ünal, 暗号, عمر, 👩‍👧');
  });
});
