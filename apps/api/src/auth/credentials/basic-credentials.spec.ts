import { describe, expect, it } from '@jest/globals';
import { parseBasic } from './basic-credentials.js';

const encode = (text: string) => Buffer.from(text).toString('base64');

describe('parseBasic', () => {
  it('reads a name, in its canonical form and as it was sent, and a password', () => {
    expect(parseBasic(`Basic ${encode('ÄNNE:pass: wörd')}`)).toEqual({
      name: 'änne',
      givenName: 'ÄNNE',
      password: 'pass: wörd',
    });
  });

  it.each(['basic', 'BASIC', 'bAsIc'])('takes the scheme as %s', (scheme) => {
    expect(parseBasic(`${scheme} ${encode('anne:x')}`)?.name).toBe('anne');
  });

  it('keeps a name nobody can have for the throttle', () => {
    expect(parseBasic(`Basic ${encode('no such name!:x')}`)).toEqual({
      name: null,
      givenName: 'no such name!',
      password: 'x',
    });
  });

  it('leaves the password as it was sent', () => {
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
  ])('finds nothing in %j', (header) => {
    expect(parseBasic(header)).toBeNull();
  });

  it('counts the bytes of a password in the form that is hashed', () => {
    const composed = '각'.repeat(256);

    expect(parseBasic(`Basic ${encode(`anne:${composed.normalize('NFD')}`)}`)?.name).toBe('anne');
  });
});
