import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SealingKey } from './sealing-key.js';

const BYTES = Buffer.alloc(32, 7);
const TEXT = BYTES.toString('base64');

describe('SealingKey', () => {
  it('seals with HMAC-SHA-256', () => {
    const seal = createHmac('sha256', BYTES).update('text').digest('base64url');

    expect(SealingKey.parse(TEXT)?.seal('text')).toBe(seal);
  });

  it('has the start of its digest as its id, which does not reveal it', () => {
    expect(SealingKey.parse(TEXT)?.id).toBe(createHash('sha256').update(BYTES).digest('hex').slice(0, 16));
  });

  it('parses its secret, with or without a line end', () => {
    expect(SealingKey.parse(`${TEXT}\n`)?.secret).toBe(TEXT);
  });

  it.each([
    ['31 bytes', Buffer.alloc(31).toString('base64')],
    ['33 bytes', Buffer.alloc(33).toString('base64')],
    ['no padding', TEXT.slice(0, -1)],
    ['the other alphabet', TEXT.replace(/^./, '_')],
    ['a digit before it', `A${TEXT}`],
    ['a digit after it', `${TEXT}A`],
    ['an empty text', ''],
  ])('does not parse %s', (_, text) => {
    expect(SealingKey.parse(text)).toBeUndefined();
  });

  it('creates a different key each time', () => {
    const [one, other] = [SealingKey.create(), SealingKey.create()];

    expect(Buffer.from(one.secret, 'base64')).toHaveLength(32);
    expect(one.secret).not.toBe(other.secret);
    expect(one.id).not.toBe(other.id);
  });
});
