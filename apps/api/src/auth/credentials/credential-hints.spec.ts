import { describe, expect, it } from '@jest/globals';
import { createTokenSecret } from '../../platform/crypto/secrets.js';
import { basicHint, tokenHint } from './credential-hints.js';

const token = createTokenSecret();
const encode = (text: string) => Buffer.from(text).toString('base64');
const pair = encode(`anna:${token}`);

describe('tokenHint', () => {
  it('says where to get a token if nothing was sent', () => {
    expect(tokenHint({})).toMatch(/^No credentials were sent: log in with POST \/auth\/login/);
  });

  it.each([
    ['nothing', ''],
    ['the token alone', token],
    ['the token alone in base64', encode(token)],
    ['the pair in clear', `anna:${token}`],
    ['a scheme before it', `Bearer ${token}`],
    ['no base64', 'garbage!'],
    ['too little', 'garbage'],
  ])('says what X-Auth-Token takes if it has %s', (_, header) => {
    expect(tokenHint({ 'x-auth-token': header })).toMatch(/^X-Auth-Token takes base64\(user:token\); /);
  });

  it.each(['\n', '\r\n'])('tells a line end that was encoded, too: %j', (end) => {
    expect(tokenHint({ 'x-auth-token': encode(`anna:${token}${end}`) })).toMatch(/ends with a line end/);
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
  ])('says nothing of a credential that may be damaged or somebody else’s: %s', (_, header) => {
    expect(tokenHint({ 'x-auth-token': header })).toBeUndefined();
  });

  it.each([token.toUpperCase(), token.slice(0, -1), `${token}0`, `${token} x`])(
    'says nothing of a Bearer that may be a damaged token: %s',
    (value) => {
      expect(tokenHint({ authorization: `Bearer ${value}` })).toBeUndefined();
    },
  );

  it.each([
    `Bearer ${pair}`,
    'Bearer',
    `X-Bearer ${token}`,
    `X-Basic ${pair}`,
    'Bearer eyJhbGciOiJIUzI1NiJ9.e30.x',
    `Token ${token}`,
  ])('says what Authorization takes: %s', (authorization) => {
    expect(tokenHint({ authorization })).toMatch(/Authorization: Bearer takes the token alone\.$/);
  });

  it('says that Basic is for log-in, whatever it has', () => {
    for (const authorization of [`Basic ${encode('anna:x')}`, 'Basic', `basic ${encode(`anna:${token}`)}`]) {
      expect(tokenHint({ authorization })).toMatch(/^Authorization: Basic is for POST \/auth\/login alone/);
    }
  });
});

describe('basicHint', () => {
  it.each([undefined, '', `Bearer ${token}`, `X-Basic ${encode('anna:x')}`])(
    'asks for a name and a password if there are none: %s',
    (header) => {
      expect(basicHint(header)).toMatch(/^No name and password were sent: .* and not in the body\.$/);
    },
  );

  it.each(['Basic', 'Basic anna:x', `Basic ${encode('anna')}`, `Basic ${encode('anna:x\0')}`])(
    'says what Basic takes: %s',
    (header) => {
      expect(basicHint(header)).toMatch(/^Authorization: Basic takes base64\(name:password\)/);
    },
  );

  it('tells a line end that was encoded, too', () => {
    expect(basicHint(`Basic ${encode('anna:x\n')}`)).toMatch(/ends with a line end/);
  });

  it('says nothing of a pair, whoever and whatever it names', () => {
    expect(basicHint(`Basic ${encode('anna:x')}`)).toBeUndefined();
  });
});
