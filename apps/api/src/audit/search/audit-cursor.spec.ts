import { describe, expect, it } from '@jest/globals';
import { formatCursor, parseCursor } from './audit-cursor.js';

const encode = (text: string) => Buffer.from(text).toString('base64url');

describe('cursor', () => {
  it.each([0, 1, 999_999_999_999_999])('round-trips %d', (sequence) => {
    expect(parseCursor(formatCursor(sequence))).toBe(sequence);
  });

  it.each([
    ['an empty text', ''],
    ['a bare number', '17'],
    ['another word', encode('after:17')],
    ['leading text', encode('x before:17')],
    ['trailing text', encode('before:17 x')],
    ['no number', encode('before:')],
    ['a sign', encode('before:-1')],
    ['a leading zero, which is another spelling', encode('before:017')],
    ['more digits than a number holds', encode('before:1000000000000000')],
    ['padding', `${Buffer.from('before:1').toString('base64')}=`],
  ])('rejects %s', (_, cursor) => {
    expect(() => parseCursor(cursor)).toThrow(
      expect.objectContaining({
        code: 'invalid_parameter',
        options: { errors: [expect.objectContaining({ pointer: '/cursor', code: 'cursor_unknown' })] },
      }),
    );
  });
});
