import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ProblemDto } from '@latchkey/auth-models';
import { basic, tokenHeader } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { sendLines, type RawAnswer } from '../support/raw-http.js';
import { ADMIN } from '../support/test-server.js';
import { useServer } from '../support/use-server.js';

const server = useServer();
let token: string;
let otherToken: string;
const other = newUser();

beforeAll(async () => {
  const { body } = await server.client.login(ADMIN.name, ADMIN.password);
  token = body.token ?? '';
  await server.client.createUser(other, tokenHeader(body));
  otherToken = (await server.client.login(other.name, PASSWORD)).body.token ?? '';
});

const encode = (text: string) => Buffer.from(text).toString('base64');
const me = (...lines: string[]) => sendLines(server.client.baseUrl, ['GET /me HTTP/1.1', ...lines]);
const codeOf = ({ body }: RawAnswer) => (JSON.parse(body) as ProblemDto).code;

// Requirement B11.
describe('GET /me with a presented token', () => {
  const spoil = (text: string) =>
    text.replace(/(.)==$/, (_, digit: string) => `${String.fromCharCode(digit.charCodeAt(0) + 1)}==`);
  const change = (text: string) => text.slice(0, 10) + (text[10] === 'A' ? 'B' : 'A') + text.slice(11);

  it.each<[string, () => string[]]>([
    ['no credentials', () => []],
    ['an empty header', () => ['X-Auth-Token: ']],
    ['a bare token', () => [`X-Auth-Token: ${token}`]],
    ['the token with the name of another user', () => [`X-Auth-Token: ${encode(`${other.name}:${token}`)}`]],
    ['the token with an unknown name', () => [`X-Auth-Token: ${encode(`nobody:${token}`)}`]],
    ['the token without a name', () => [`X-Auth-Token: ${encode(`:${token}`)}`]],
    ['no colon', () => [`X-Auth-Token: ${encode(`admin${token}`)}`]],
    ['one character of the token changed', () => [`X-Auth-Token: ${encode(`admin:${change(token)}`)}`]],
    ['the token in upper case', () => [`X-Auth-Token: ${encode(`admin:${token.toUpperCase()}`)}`]],
    ['a truncated token', () => [`X-Auth-Token: ${encode(`admin:${token.slice(0, -1)}`)}`]],
    ['an extended token', () => [`X-Auth-Token: ${encode(`admin:${token}0`)}`]],
    ['a space after the token', () => [`X-Auth-Token: ${encode(`admin:${token} `)}`]],
    ['a NUL after the token', () => [`X-Auth-Token: ${encode(`admin:${token}\0`)}`]],
    ['one character of the base64 changed', () => [`X-Auth-Token: ${change(encode(`admin:${token}`))}`]],
    // 46 bytes leave four bits of the last digit unused: a lax decoder takes sixteen texts for one credential.
    ['unused bits of the base64 set', () => [`X-Auth-Token: ${spoil(encode(`ａｄmin:${token}`))}`]],
    ['the base64 in upper case', () => [`X-Auth-Token: ${encode(`admin:${token}`).toUpperCase()}`]],
    ['truncated base64', () => [`X-Auth-Token: ${encode(`admin:${token}`).replace(/=*$/, '').slice(0, -1)}`]],
    ['extended base64', () => [`X-Auth-Token: ${encode(`admin:${token}`).replace(/=*$/, '')}AA`]],
    ['text after the base64', () => [`X-Auth-Token: ${encode(`admin:${token}`)} x`]],
    ['the password', () => [`X-Auth-Token: ${encode(`admin:${ADMIN.password}`)}`]],
    ['the password as Basic', () => [`Authorization: ${basic('admin', ADMIN.password)}`]],
    ['the token as Basic password', () => [`Authorization: ${basic('admin', token)}`]],
    ['the pair as Bearer', () => [`Authorization: Bearer ${encode(`admin:${token}`)}`]],
    ['Bearer in upper case', () => [`Authorization: Bearer ${token.toUpperCase()}`]],
    ['a truncated Bearer', () => [`Authorization: Bearer ${token.slice(0, -1)}`]],
    ['an extended Bearer', () => [`Authorization: Bearer ${token}0`]],
    ['text after Bearer', () => [`Authorization: Bearer ${token} x`]],
    ['another scheme', () => [`Authorization: Token ${token}`]],
    ['the token in a cookie', () => [`Cookie: __Host-latchkey=${token}`, 'Sec-Fetch-Site: same-origin']],
    ['the token in another header', () => [`X_Auth_Token: ${encode(`admin:${token}`)}`]],
  ])('returns 401 for %s', async (_, lines) => {
    const answer = await me(...lines());

    expect([answer.status, codeOf(answer)]).toEqual([401, 'unauthenticated']);
    expect(answer.headers['www-authenticate']).toMatch(/^XAuthToken realm="latchkey"/);
  });

  it.each<[string, () => string[]]>([
    ['X-Auth-Token', () => [`X-Auth-Token: ${encode(`admin:${token}`)}`]],
    ['X-Auth-Token without padding', () => [`X-Auth-Token: ${encode(`admin:${token}`).replace(/=+$/, '')}`]],
    [
      'X-Auth-Token in base64url',
      () => [`X-Auth-Token: ${Buffer.from(`admin:${token}`).toString('base64url')}`],
    ],
    ['Bearer', () => [`Authorization: Bearer ${token}`]],
    ['bearer', () => [`authorization: bearer ${token}`]],
    [
      'both fields with the same token',
      () => [`X-Auth-Token: ${encode(`admin:${token}`)}`, `Authorization: Bearer ${token}`],
    ],
    [
      'X-Auth-Token beside Basic for a gateway',
      () => [`X-Auth-Token: ${encode(`admin:${token}`)}`, `Authorization: ${basic('a', 'b')}`],
    ],
    [
      'X-Auth-Token beside another scheme',
      () => [`X-Auth-Token: ${encode(`admin:${token}`)}`, 'Authorization: Negotiate abc'],
    ],
  ])('returns 200 for %s', async (_, lines) => {
    const { status, body } = await me(...lines());

    expect([status, (JSON.parse(body) as { name?: string }).name]).toEqual([200, 'admin']);
  });

  it.each<[string, () => string[]]>([
    [
      'two X-Auth-Tokens',
      () => [
        `X-Auth-Token: ${encode(`admin:${token}`)}`,
        `X-Auth-Token: ${encode(`${other.name}:${otherToken}`)}`,
      ],
    ],
    [
      'one X-Auth-Token twice',
      () => [`X-Auth-Token: ${encode(`admin:${token}`)}`, `X-Auth-Token: ${encode(`admin:${token}`)}`],
    ],
    ['two Authorizations', () => [`Authorization: Bearer ${token}`, `Authorization: Bearer ${otherToken}`]],
    [
      'X-Auth-Token beside Bearer of another token',
      () => [`X-Auth-Token: ${encode(`admin:${token}`)}`, `Authorization: Bearer ${otherToken}`],
    ],
    [
      'X-Auth-Token beside a malformed Bearer',
      () => [`X-Auth-Token: ${encode(`admin:${token}`)}`, 'Authorization: Bearer'],
    ],
  ])('returns 400 for %s', async (_, lines) => {
    const answer = await me(...lines());

    expect([answer.status, codeOf(answer)]).toEqual([400, 'ambiguous_credentials']);
  });
});
