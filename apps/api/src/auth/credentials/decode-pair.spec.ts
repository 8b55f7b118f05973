import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodePair, type Pair } from './decode-pair.js';

const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const URL_SAFE = STANDARD.replace('+/', '-_');

/** RFC 4648, digit by digit: one alphabet, padding right or absent, no bits left over. */
function strictBase64(text: string): Buffer | null {
  const digits = text.replace(/=*$/, '');
  const padding = text.length - digits.length;
  const alphabet = [STANDARD, URL_SAFE].find((all) => [...digits].every((digit) => all.includes(digit)));
  const rest = (digits.length * 6) % 8;
  if (!alphabet || digits === '' || rest >= 6 || (padding > 0 && padding !== (4 - (digits.length % 4)) % 4)) {
    return null;
  }
  const bits = [...digits].map((digit) => alphabet.indexOf(digit).toString(2).padStart(6, '0')).join('');
  const whole = bits.slice(0, bits.length - rest);
  if (bits.slice(whole.length).includes('1')) {
    return null;
  }
  return Buffer.from((whole.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

/** What the contract says a pair is, word for word. */
function strictPair(text: string): Pair | null {
  const bytes = strictBase64(text);
  let pair: string;
  try {
    pair = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes ?? Buffer.of(0xff));
  } catch {
    return null;
  }
  const hasControl = [...pair].some((character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x20 || (code >= 0x7f && code <= 0x9f);
  });
  const [name = '', ...secret] = pair.split(':');
  return hasControl || secret.length === 0 || name === '' ? null : { name, secret: secret.join(':') };
}

const encode = (text: string) => Buffer.from(text).toString('base64');

describe('decodePair', () => {
  it('splits at the first colon', () => {
    expect(decodePair(encode('anne:a:b:c'))).toEqual({ name: 'anne', secret: 'a:b:c' });
  });

  it.each([
    ['standard, padded', 'w7x+Pzo/Pz8/'],
    ['URL-safe', 'w7x-Pzo_Pz8_'],
  ])('takes the alphabet %s', (_, text) => {
    expect(decodePair(text)).toEqual({ name: 'ü~?', secret: '????' });
  });

  it('takes padding or none', () => {
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
  ])('refuses %s', (_, text) => {
    expect(decodePair(text)).toBeNull();
  });

  it('gives back any name and secret without controls, by every way of writing them', () => {
    const text = fc.string({ unit: 'binary' }).filter((value) => !/\p{Cc}|\p{Cs}/u.test(value));
    const name = text.filter((value) => value !== '' && !value.includes(':'));

    fc.assert(
      fc.property(name, text, (user, secret) => {
        const bytes = Buffer.from(`${user}:${secret}`);
        const ways = [
          bytes.toString('base64'),
          bytes.toString('base64').replace(/=+$/, ''),
          bytes.toString('base64url'),
        ];

        ways.forEach((way) => expect(decodePair(way)).toEqual({ name: user, secret }));
      }),
    );
  });

  it('agrees with a strict reference on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), fc.boolean(), (bytes, isColonPut) => {
        const text = Buffer.from(isColonPut ? [0x61, 0x3a, ...bytes] : bytes).toString('base64');

        expect(decodePair(text)).toEqual(strictPair(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('agrees with a strict reference on texts that are nearly right', () => {
    const digit = fc.constantFrom(...STANDARD.slice(0, 26), '+', '/', '-', '_', '=', '0', 'z');
    const nearly = fc
      .tuple(fc.string({ unit: digit, maxLength: 8 }), fc.constantFrom('', 'YTpi', 'YTo='))
      .map(([rest, start]) => start + rest);

    fc.assert(
      fc.property(nearly, (text) => expect(decodePair(text)).toEqual(strictPair(text))),
      { numRuns: 5_000 },
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void decodePair(text)));
    fc.assert(fc.property(fc.string(), (text) => void decodePair(text)));
  });

  it('gives every credential one form in its alphabet', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...URL_SAFE), minLength: 2, maxLength: 16 }), (rest) => {
        const text = `YTpi${rest}`;
        const pair = decodePair(text);

        if (pair) {
          expect(Buffer.from(`${pair.name}:${pair.secret}`).toString('base64url')).toBe(text);
        }
      }),
    );
  });
});
