import { describe, expect, it } from '@jest/globals';
import { parseBasic } from './decode-pair.js';

const encode = (text: string) => Buffer.from(text).toString('base64');

describe('parseBasic', () => {
  it('returns the canonical name, the name as sent, and the password', () => {
    expect(parseBasic(`Basic ${encode('ÄNNE:pass: wörd')}`)).toEqual({
      name: 'änne',
      givenName: 'ÄNNE',
      password: 'pass: wörd',
    });
  });

  it.each(['basic', 'BASIC', 'bAsIc'])('accepts the scheme %s', (scheme) => {
    expect(parseBasic(`${scheme} ${encode('anne:x')}`)?.name).toBe('anne');
  });

  it('returns an invalid name for the throttle', () => {
    expect(parseBasic(`Basic ${encode('no such name!:x')}`)).toEqual({
      name: null,
      givenName: 'no such name!',
      password: 'x',
    });
  });

  it('does not change the password', () => {
    expect(parseBasic(`Basic ${encode('anne: trailing ')}`)?.password).toBe(' trailing ');
  });

  it.each([
    undefined,
    '',
    'Basic',
    'Basic ',
    `Basic${encode('anne:x')}`,
    `Basic\t${encode('anne:x')}`,
    ` Basic ${encode('anne:x')}`,
    `Basic ${encode('anne:x')} `,
    `Basic ${encode('anne:x')} realm="x"`,
    `Basic ${encode('anne:x')}, Basic ${encode('anne:x')}`,
    `Bearer ${encode('anne:x')}`,
    `Basic ${encode('anne')}`,
    `Basic ${encode('anne:x\0')}`,
    `Basic ${encode(`anne:${'ä'.repeat(512)}x`)}`,
  ])('returns null for %j', (header) => {
    expect(parseBasic(header)).toBeNull();
  });

  it('limits the bytes of the normalized password', () => {
    const composed = '각'.repeat(256);

    expect(parseBasic(`Basic ${encode(`anne:${composed.normalize('NFD')}`)}`)?.name).toBe('anne');
  });
});
