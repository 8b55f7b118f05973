import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  canaryDigestOf,
  containedTokenPattern,
  createSetUpSecret,
  createTokenSecret,
  digestOf,
  isTokenSecret,
  previewOf,
  STARTS_LIKE_TOKEN,
  storedPreview,
} from './secrets.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const COUNT = 10_000;
/** `latchkey_`, 27 random digits, 6 of the checksum. */
const FORM = /^latchkey_([0-9A-Za-z]{27})([0-9A-Za-z]{6})$/;

let secrets: string[];

beforeAll(() => {
  secrets = Array.from({ length: COUNT }, () => createTokenSecret());
});

// Covers B8 in docs/explanation/security.md.
describe('createTokenSecret', () => {
  it('returns the form that leak scanners search for', () => {
    expect(secrets.filter((secret) => !FORM.test(secret))).toEqual([]);
  });

  it('holds at least 128 random bits beside the four digits of the preview', () => {
    expect((27 - 4) * Math.log2(ALPHABET.length)).toBeGreaterThan(128);
  });

  it('never creates the same secret twice', () => {
    expect(new Set(secrets).size).toBe(COUNT);
  });

  it('uses every digit alike at every place', () => {
    const digits = secrets.map((secret) => FORM.exec(secret)?.[1] ?? '');
    const expected = COUNT / ALPHABET.length;
    const deviations = Array.from({ length: 27 }, (_, place) => {
      const counts = new Map([...ALPHABET].map((digit) => [digit, 0]));
      digits.forEach((text) => counts.set(text.charAt(place), (counts.get(text.charAt(place)) ?? 0) + 1));
      return [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    });

    // Chi-squared with 61 degrees of freedom exceeds 139 once in ten million.
    expect(Math.max(...deviations)).toBeLessThan(139);
  });

  it('sets each random bit in half of them', () => {
    const ones = Array.from({ length: 128 }, () => 0);
    for (const secret of secrets) {
      // 62^27 is much more than 2^128, so the low bits are practically uniform.
      const number = [...(FORM.exec(secret)?.[1] ?? '')].reduce(
        (sum, digit) => sum * 62n + BigInt(ALPHABET.indexOf(digit)),
        0n,
      );
      [...BigInt.asUintN(128, number).toString(2).padStart(128, '0')].forEach((bit, place) => {
        ones[place] = (ones[place] ?? 0) + Number(bit);
      });
    }

    const frequencies = ones.map((count) => count / COUNT);
    process.stdout.write(
      `Bits are set in ${Math.min(...frequencies)} to ${Math.max(...frequencies)} of tokens\n`,
    );
    // Six standard deviations, which one of the 128 exceeds once in four million runs.
    expect(frequencies.filter((frequency) => Math.abs(frequency - 0.5) > 0.03)).toEqual([]);
  });

  it('ends with the CRC-32 of the rest in base62', () => {
    const secret = secrets[0] ?? '';
    const [, , checksum = ''] = FORM.exec(secret) ?? [];

    const value = [...checksum].reduce((sum, digit) => sum * 62 + ALPHABET.indexOf(digit), 0);

    expect(value).toBe(crc32(secret.slice(0, -6)));
  });
});

describe('a configured prefix', () => {
  it.each(['acme5_', 'AcmeProd12_'])('%s is part of the secret and of the preview', (prefix) => {
    const secret = createTokenSecret(prefix);

    expect(secret).toMatch(new RegExp(`^${prefix}[0-9A-Za-z]{33}$`));
    expect(isTokenSecret(secret)).toBe(true);
    expect(previewOf(secret)).toBe(`${prefix}…${secret.slice(-4)}`);
    expect(previewOf(secret).length).toBeLessThanOrEqual(16);
  });
});

describe('isTokenSecret', () => {
  it('accepts every created secret', () => {
    expect(secrets.filter((secret) => !isTokenSecret(secret))).toEqual([]);
  });

  it('detects every change of one digit', () => {
    const secret = secrets[0] ?? '';
    const changed = [...secret].flatMap((digit, place) =>
      [...ALPHABET]
        .filter((other) => other !== digit)
        .map((other) => secret.slice(0, place) + other + secret.slice(place + 1)),
    );

    expect(changed.filter(isTokenSecret)).toEqual([]);
  });

  it.each([
    ['cut', (secret: string) => secret.slice(0, -1)],
    ['extended', (secret: string) => `${secret}0`],
    ['with a line end', (secret: string) => `${secret}\n`],
    ['with a space before', (secret: string) => ` ${secret}`],
    ['without its prefix', (secret: string) => secret.slice(9)],
    ['with another prefix', (secret: string) => secret.replace('latchkey_', 'someone_')],
    ['in upper case', (secret: string) => secret.toUpperCase()],
    ['empty', () => ''],
  ])('rejects one that is %s', (_, change) => {
    expect(secrets.slice(0, 50).map(change).filter(isTokenSecret)).toEqual([]);
  });

  it.each(['', 'latch key_', 'latchkey-', 'anna:latchkey_', '\nlatchkey_', '_latchkey_', 'lk_', 'latchkey'])(
    'rejects the prefix %j, even with a valid checksum',
    (prefix) => {
      expect(isTokenSecret(createTokenSecret(prefix))).toBe(false);
    },
  );
});

describe('STARTS_LIKE_TOKEN', () => {
  it.each([
    ['a token', () => createTokenSecret()],
    ['a token and more', () => `${createTokenSecret()}/x`],
    ['a token with another prefix', () => createTokenSecret('acme5_')],
    ['the first 12 digits of a token', () => createTokenSecret().slice(0, 21)],
  ])('matches %s', (_, create) => {
    expect(create()).toMatch(STARTS_LIKE_TOKEN);
  });

  it.each([
    ['the prefix', () => 'latchkey_'],
    ['a preview', () => previewOf(createTokenSecret())],
    ['the first 11 digits of a token', () => createTokenSecret().slice(0, 20)],
    ['the beginning of a token with another prefix', () => createTokenSecret('acme5_').slice(0, -1)],
    ['a token that is not at the start', () => ` ${createTokenSecret()}`],
  ])('does not match %s', (_, create) => {
    expect(create()).not.toMatch(STARTS_LIKE_TOKEN);
  });
});

// The request log redacts paths with this pattern.
describe('containedTokenPattern', () => {
  const pattern = containedTokenPattern('acme5_');

  it.each([
    ['a token', createTokenSecret],
    ['a token with the configured prefix', () => createTokenSecret('acme5_')],
    ['a token with an earlier prefix', () => createTokenSecret('before_')],
    ['the first 12 digits of a token', () => createTokenSecret().slice(0, 21)],
    [
      'the first 12 digits of a token with the configured prefix',
      () => createTokenSecret('acme5_').slice(0, 18),
    ],
  ])('matches a text that contains %s', (_, create) => {
    expect(`x=${create()}`).toMatch(pattern);
  });

  it.each([
    ['nothing', () => ''],
    ['the prefix', () => 'latchkey_'],
    ['a preview', () => previewOf(createTokenSecret('acme5_'))],
    ['a word with digits', () => '0123456789abcdef'],
  ])('does not match a text that contains %s', (_, create) => {
    expect(`x=${create()}`).not.toMatch(pattern);
  });
});

describe('canaryDigestOf', () => {
  it('differs between canaries, and from the digests of their secrets', () => {
    const digests = secrets.slice(0, 100).map(digestOf);

    expect(new Set([...digests, ...digests.map(canaryDigestOf), ...digests.map(digestOf)]).size).toBe(300);
  });

  it('keeps its form, because digests of canaries are stored', () => {
    expect(canaryDigestOf('x')).toBe(digestOf('canary x'));
  });
});

describe('digestOf', () => {
  it('returns the SHA-256 of the whole secret', () => {
    const secret = secrets[0] ?? '';

    expect(digestOf(secret)).toBe(createHash('sha256').update(secret).digest('base64url'));
  });
});

describe('previewOf', () => {
  it('shows the prefix and the last four characters', () => {
    expect(previewOf('latchkey_0123456789ABCDEFGHIJKLMNOPQRSabcd')).toBe('latchkey_…abcd');
  });
});

describe('storedPreview', () => {
  it.each(['latchkey_…abcd', 'latchkey_...abcd'])('returns the stored form of %s', (typed) => {
    expect(storedPreview(typed)).toBe('latchkey_…abcd');
  });

  it('accepts another prefix, also with digits', () => {
    expect(storedPreview('A1_b2_…0aZ9')).toBe('A1_b2_…0aZ9');
  });

  it.each(['', 'latchkey_…abc', 'latchkey_…abcde', '1atchkey_…abcd', 'x latchkey_…abcd', 'latchkey_…ab-d'])(
    'returns nothing for %j',
    (typed) => {
      expect(storedPreview(typed)).toBeUndefined();
    },
  );
});

describe('createSetUpSecret', () => {
  it('returns 128 random bits in characters that a URL needs not encode', () => {
    const made = Array.from({ length: 1_000 }, createSetUpSecret);

    expect(made.filter((secret) => !/^[A-Za-z0-9_-]{22}$/.test(secret))).toEqual([]);
    expect(new Set(made).size).toBe(1_000);
  });
});

/** CRC-32 bit by bit, as a reference. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}
