import { describe, expect, it } from '@jest/globals';
import { createTokenSecret } from '../../platform/crypto/secrets.js';
import { basicHint, tokenHint } from './credential-hints.js';

const token = createTokenSecret();
const encode = (text: string) => Buffer.from(text).toString('base64');
const pair = encode(`anna:${token}`);

describe('tokenHint', () => {
  it('explains where to get a token when nothing was sent', () => {
    expect(tokenHint({})).toMatch(/^No credentials were sent\. Log in with POST \/auth\/login/);
  });

  it.each([
    ['nothing', ''],
    ['the token alone', token],
    ['the token alone in base64', encode(token)],
    ['the pair in clear', `anna:${token}`],
    ['a scheme before it', `Bearer ${token}`],
    ['no base64', 'garbage!'],
    ['too little', 'garbage'],
    ['another character at the start', `!${pair}`],
    ['another character at the end', `${pair}!`],
  ])('explains the syntax of X-Auth-Token for %s', (_, header) => {
    expect(tokenHint({ 'x-auth-token': header })).toMatch(/ X-Auth-Token takes base64\(user:token\)\. /);
  });

  it.each(['\n', '\r\n'])('reports an encoded line break: %j', (end) => {
    expect(tokenHint({ 'x-auth-token': encode(`anna:${token}${end}`) })).toMatch(/ends with a line break/);
  });

  it.each([
    ['another user', encode(`nobody:${token}`)],
    ['a password', encode('anna:correct horse')],
    ['another character', encode(`anna:${token.slice(0, -1)}!`)],
    ['upper case', encode(`anna:${token.toUpperCase()}`)],
    ['less of the token', encode(`anna:${token.slice(0, -1)}`)],
    ['more than the token', encode(`anna:${token}0`)],
    ['upper case of the base64', pair.toUpperCase()],
    ['less of the base64', pair.replace(/=+$/, '').slice(0, -1)],
    ['more than the base64', `${pair.replace(/=+$/, '')}AA`],
  ])('returns undefined for a possibly damaged or foreign credential: %s', (_, header) => {
    expect(tokenHint({ 'x-auth-token': header })).toBeUndefined();
  });

  it.each([token.toUpperCase(), token.slice(0, -1), `${token}0`, `${token} x`])(
    'returns undefined for a Bearer credential that may be a damaged token: %s',
    (value) => {
      expect(tokenHint({ authorization: `Bearer ${value}` })).toBeUndefined();
    },
  );

  it('returns undefined for a damaged token after several spaces', () => {
    expect(tokenHint({ authorization: `Bearer   ${token}0` })).toBeUndefined();
  });

  it.each([`Bearer ${pair}`, 'Bearer', 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.x'])(
    'explains the syntax of Authorization: %s',
    (authorization) => {
      expect(tokenHint({ authorization })).toMatch(/Authorization: Bearer takes the token\.$/);
    },
  );

  it.each([
    `Token ${token}`,
    `X-Bearer ${token}`,
    `X-Basic ${pair}`,
    `Basics ${pair}`,
    `Bearers ${token}`,
    token,
  ])('names the accepted scheme for another one: %s', (authorization) => {
    expect(tokenHint({ authorization })).toMatch(/^Authorization takes Bearer and the token\./);
  });

  it('explains that Basic is for login', () => {
    for (const authorization of [`Basic ${encode('anna:x')}`, 'Basic', `basic ${encode(`anna:${token}`)}`]) {
      expect(tokenHint({ authorization })).toMatch(/^Authorization: Basic is for POST \/auth\/login only/);
    }
  });
});

describe('basicHint', () => {
  it.each([`Bearer ${token}`, `X-Basic ${encode('anna:x')}`])(
    'names the accepted scheme for another one: %s',
    (header) => {
      expect(basicHint(header)).toMatch(/^This route accepts Authorization: Basic base64\(name:password\)/);
    },
  );

  it.each([undefined, ''])('asks for a name and a password if there are none: %s', (header) => {
    expect(basicHint(header)).toMatch(/^No name and password were sent\. .* not a body\.$/);
  });

  it.each(['Basic', 'Basic anna:x', `Basic ${encode('anna')}`, `Basic ${encode('anna:x\0')}`])(
    'explains the syntax of Basic: %s',
    (header) => {
      expect(basicHint(header)).toMatch(/^Authorization: Basic takes base64\(name:password\)/);
    },
  );

  it('reports an encoded line break', () => {
    expect(basicHint(`Basic ${encode('anna:x\n')}`)).toMatch(/ends with a line break/);
  });

  it('reports no line break in the middle, and none without a name', () => {
    for (const text of ['an\nna:x', 'anna\n']) {
      expect(basicHint(`Basic ${encode(text)}`)).toMatch(/^Authorization: Basic takes base64/);
    }
  });

  it('returns undefined for every pair', () => {
    expect(basicHint(`Basic ${encode('anna:x')}`)).toBeUndefined();
  });
});
