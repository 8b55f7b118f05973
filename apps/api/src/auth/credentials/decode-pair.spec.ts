import { describe, expect, it } from '@jest/globals';
import { decodePair } from './decode-pair.js';

const encode = (text: string) => Buffer.from(text).toString('base64');

describe('decodePair', () => {
  it('splits at the first colon', () => {
    expect(decodePair(encode('anne:a:b:c'))).toEqual({ name: 'anne', secret: 'a:b:c' });
  });

  it.each([
    ['standard, padded', 'w7x+Pzo/Pz8/'],
    ['URL-safe', 'w7x-Pzo_Pz8_'],
  ])('accepts the alphabet %s', (_, text) => {
    expect(decodePair(text)).toEqual({ name: 'ü~?', secret: '????' });
  });

  it('accepts padding and no padding', () => {
    expect(decodePair('YTpi')).toEqual({ name: 'a', secret: 'b' });
    expect(decodePair('YTo=')).toEqual({ name: 'a', secret: '' });
    expect(decodePair('YTo')).toEqual({ name: 'a', secret: '' });
    expect(decodePair('YTpiYw==')).toEqual({ name: 'a', secret: 'bc' });
    expect(decodePair('YTpiYw')).toEqual({ name: 'a', secret: 'bc' });
  });

  it.each([
    ['empty', ''],
    ['no colon', encode('anne')],
    ['an empty name', encode(':secret')],
    ['a line end in the text', 'YTpi\n'],
    ['a space in the text', 'YT pi'],
    ['a digit of no alphabet', 'YTp!'],
    ['both alphabets at once', 'w7x+Pzo_Pz8_'],
    ['one digit too many', 'YTpib'],
    ['too little padding', 'YTpiYw='],
    ['too much padding', 'YTpi='],
    ['padding alone', '=='],
    ['padding in the middle', 'YTo=YTo='],
    ['bits left over', 'YTp='],
    ['invalid UTF-8', Buffer.from([0x61, 0x3a, 0xff]).toString('base64')],
    ['an overlong colon', Buffer.from([0x61, 0xc0, 0xba]).toString('base64')],
    ['half of a surrogate pair', Buffer.from([0x61, 0x3a, 0xed, 0xa0, 0x80]).toString('base64')],
    ['NUL', encode('anne:secret\0')],
    ['a line feed', encode('anne\n:secret')],
    ['DEL', encode('anne:\u007f')],
    ['a C1 control', encode('anne:\u0085')],
  ])('rejects %s', (_, text) => {
    expect(decodePair(text)).toBeNull();
  });
});
