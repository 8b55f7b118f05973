import { beforeAll, describe, expect, it } from '@jest/globals';
import { ERROR_CODES, type ProblemDto } from '@latchkey/auth-models';
import { basic, type Headers } from '../support/api-client.js';
import { ADMIN } from '../support/test-server.js';
import { useServer } from '../support/use-server.js';

const server = useServer();
let token: string;

beforeAll(async () => {
  token = (await server.client.login(ADMIN.name, ADMIN.password)).body.token ?? '';
});

const encode = (text: string) => Buffer.from(text).toString('base64');
const ask = async (method: string, path: string, headers: Headers, body?: object) => {
  const answer = await server.client.request<ProblemDto>(method, path, { headers, body });
  const { traceId: _, ...problem } = answer.body;
  return problem;
};

describe('the detail of a 401', () => {
  it.each<[string, () => Headers, RegExp]>([
    ['missing credentials', () => ({}), /^No credentials were sent: log in/],
    ['a bare token', () => ({ 'X-Auth-Token': token }), /^X-Auth-Token takes base64/],
    ['an encoded line break', () => ({ 'X-Auth-Token': encode(`admin:${token}\n`) }), /line end/],
    ['Basic', () => ({ Authorization: basic(ADMIN.name, ADMIN.password) }), /POST \/auth\/login alone/],
    ['a Bearer value that is no token', () => ({ Authorization: 'Bearer x.y.z' }), /takes the token alone/],
  ])('on a route that takes a token explains %s', async (_, headers, detail) => {
    expect(await ask('GET', '/me', headers())).toMatchObject({
      status: 401,
      code: 'unauthenticated',
      detail: expect.stringMatching(detail),
    });
  });

  it('on log-in explains a name and a password sent in the body', async () => {
    const { status, detail } = await ask(
      'POST',
      '/auth/login',
      {},
      { name: 'admin', password: ADMIN.password },
    );

    expect([status, detail]).toEqual([401, expect.stringContaining('and not in the body')]);
  });

  it('is identical for all well-formed credentials that match nothing', async () => {
    const pairs = [
      `admin:${ADMIN.password}`,
      `nobody:${token}`,
      `admin:${token.toUpperCase()}`,
      `admin:${token.slice(0, -1)}`,
      `admin:${token}0`,
    ].map(encode);
    const answers = await Promise.all([
      ...pairs.map((pair) => ask('GET', '/me', { 'X-Auth-Token': pair })),
      ask('GET', '/me', { Authorization: `Bearer ${token}0` }),
      ask('POST', '/auth/login', { Authorization: basic('admin', token) }),
      ask('POST', '/auth/login', { Authorization: basic('nobody', token) }),
    ]);

    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.detail).toBe(ERROR_CODES.unauthenticated);
  });
});
