import { describe, expect, it } from '@jest/globals';
import { validateSync } from 'class-validator';
import { METADATA_HEADER_MAX, METADATA_MAX_BYTES } from '../limits.js';
import { UpdateTokenDto } from '../dto/tokens/update-token.dto.js';
import { firstFailedRule } from './first-failed-rule.js';
import { metadataHeader } from './metadata.js';

const messageFor = (metadata: unknown) => {
  const [error] = validateSync(Object.assign(new UpdateTokenDto(), { metadata }));
  return error && firstFailedRule(error)?.message;
};
/** Bytes around the text in `{"text":"…"}`. */
const FRAME = 11;

describe('IsMetadata', () => {
  it.each([
    {},
    { tenant: 'acme', quota: 5, tags: ['a', { b: null }], on: true },
    { text: 'x'.repeat(METADATA_MAX_BYTES - FRAME) },
    { a: { b: { c: { d: {} } } } },
    { most: Number.MAX_SAFE_INTEGER, least: Number.MIN_SAFE_INTEGER, part: 0.1 },
    null,
  ])('accepts %j', (metadata) => {
    expect(messageFor(metadata)).toBeUndefined();
  });

  it.each([
    [[], 'must be a JSON object'],
    ['text', 'must be a JSON object'],
    [7, 'must be a JSON object'],
    [{ text: 'x'.repeat(METADATA_MAX_BYTES - FRAME + 1) }, 'at most 2048 bytes of JSON, and has 2049'],
    [{ text: '€'.repeat(560) }, 'at most 3072 characters'],
    [{ a: { b: { c: { d: { e: {} } } } } }, 'at most 5 levels'],
    [{ 'not a name': 1 }, 'must have member names'],
    [{ a: [{ '': 1 }] }, 'must have member names'],
    [JSON.parse('{"a":1e400}'), 'finite numbers'],
    [JSON.parse('{"a":[12345678901234567890]}'), 'integers within ±9007199254740991'],
  ])('rejects %j', (metadata, message) => {
    expect(messageFor(metadata)).toContain(message);
  });
});

describe('metadataHeader', () => {
  it('is JSON in ASCII', () => {
    const metadata = { text: 'é€😀\u007f\u2028\n"' };
    const header = metadataHeader(metadata);

    expect(header).toMatch(/^[ -~]+$/);
    expect(JSON.parse(header)).toEqual(metadata);
  });

  it('of two-byte characters can be longer than the limit, which is why it has one', () => {
    const text = 'é'.repeat((METADATA_MAX_BYTES - FRAME) / 2);

    expect(metadataHeader({ text }).length).toBeGreaterThan(METADATA_HEADER_MAX);
  });
});
