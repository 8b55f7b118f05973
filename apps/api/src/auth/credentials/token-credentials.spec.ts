import { describe, expect, it } from '@jest/globals';
import { createTokenSecret } from '../../platform/crypto/secrets.js';
import { parseTokenCredentials, presentedText } from './token-credentials.js';

const secret = createTokenSecret();
const encode = (text: string) => Buffer.from(text).toString('base64');
const xAuthToken = (text: string) => ({ 'x-auth-token': encode(text) });

describe('parseTokenCredentials', () => {
  it('reads user and token from X-Auth-Token', () => {
    expect(parseTokenCredentials(xAuthToken(`anne:${secret}`))).toEqual({ name: 'anne', secret });
  });

  it('returns the canonical name', () => {
    expect(parseTokenCredentials(xAuthToken(`ＡＮＮＥ:${secret}`))?.name).toBe('anne');
    expect(parseTokenCredentials(xAuthToken(`Ünal:${secret}`))?.name).toBe('ünal');
  });

  it.each(['Bearer', 'bearer', 'BEARER'])('reads the token from Authorization: %s', (scheme) => {
    expect(parseTokenCredentials({ authorization: `${scheme} ${secret}` })).toEqual({ secret });
  });

  it('accepts several spaces before the token', () => {
    expect(parseTokenCredentials({ authorization: `Bearer   ${secret}` })).toEqual({ secret });
  });

  it('accepts both headers with the same token', () => {
    const headers = { ...xAuthToken(`anne:${secret}`), authorization: `Bearer ${secret}` };

    expect(parseTokenCredentials(headers)).toEqual({ name: 'anne', secret });
  });

  it.each([
    ['another token', `Bearer ${createTokenSecret()}`],
    ['junk', 'Bearer junk'],
    ['nothing', 'Bearer'],
    ['two texts', `Bearer ${secret} ${secret}`],
  ])('rejects X-Auth-Token with a Bearer with %s', (_, authorization) => {
    expect(() => parseTokenCredentials({ ...xAuthToken(`anne:${secret}`), authorization })).toThrow(
      expect.objectContaining({ code: 'ambiguous_credentials' }),
    );
  });

  it.each(['Basic YTpi', 'Negotiate abc', 'Digest x="y"', ''])(
    'leaves Authorization: %s beside X-Auth-Token to a gateway',
    (authorization) => {
      const headers = { ...xAuthToken(`anne:${secret}`), authorization };

      expect(parseTokenCredentials(headers)).toEqual({ name: 'anne', secret });
    },
  );

  it.each([
    ['no header', {}],
    ['Basic', { authorization: `Basic ${encode(`anne:${secret}`)}` }],
    ['a scheme that begins like Bearer', { authorization: `BearerX ${secret}` }],
    ['Bearer with the whole pair', { authorization: `Bearer ${encode(`anne:${secret}`)}` }],
    ['Bearer with a wrong checksum', { authorization: `Bearer ${secret.slice(0, -1)}!` }],
    ['a token without a user', { 'x-auth-token': secret }],
    ['an empty user', xAuthToken(`:${secret}`)],
    ['an invalid name', xAuthToken(`no such name:${secret}`)],
    ['a password in place of the token', xAuthToken('anne:a long enough password')],
    ['a token with its prefix cut', xAuthToken(`anne:${secret.slice(3)}`)],
    ['a token in upper case', xAuthToken(`anne:${secret.toUpperCase()}`)],
    ['a token with a space behind', xAuthToken(`anne:${secret} `)],
    ['a line end in the header', { 'x-auth-token': `${encode(`anne:${secret}`)}\n` }],
  ])('returns null for %s', (_, headers) => {
    expect(parseTokenCredentials(headers)).toBeNull();
  });
});

describe('presentedText', () => {
  const given = encode(`anne:${secret}`);
  const bearer = `Bearer ${secret}`;

  it.each([
    ['X-Auth-Token', { 'x-auth-token': given }, given],
    [
      'X-Auth-Token with the scheme of a gateway',
      { 'x-auth-token': given, authorization: 'Basic YTpi' },
      given,
    ],
    ['Bearer, with a marker', { authorization: bearer }, `\n${bearer}`],
    ['neither of two that may differ', { 'x-auth-token': given, authorization: bearer }, undefined],
    ['nothing', {}, undefined],
  ])('is %s', (_, headers, text) => {
    expect(presentedText(headers)).toBe(text);
  });
});
