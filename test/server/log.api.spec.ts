import { beforeAll, describe, expect, it } from '@jest/globals';
import { basic, type Headers, tokenHeader } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { sendLines } from '../support/raw-http.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

describe('contents of the log', () => {
  let token: string;
  let asAdmin: Headers;

  beforeAll(async () => {
    const { body } = await server.client.login(ADMIN.name, ADMIN.password);
    token = body.token ?? '';
    asAdmin = tokenHeader(body);
  });

  describe('the log', () => {
    it('has one JSON object per line', () => {
      const lines = server.log.trimEnd().split('\n');

      expect(lines.length).toBeGreaterThan(1);
      expect(() => lines.map((line) => JSON.parse(line) as unknown)).not.toThrow();
    });

    it('has no credential in any form, of successful and failed requests', async () => {
      await server.client.me(asAdmin);
      await server.client.me({ Authorization: `Bearer ${token}` });
      await server.client.login(ADMIN.name, 'a wrong password', { headers: { Cookie: `x=${token}` } });
      await server.client.request('GET', `/me?token=${token}`, { headers: asAdmin });

      const secrets = [token, asAdmin['X-Auth-Token'] ?? '', ADMIN.password, 'a wrong password'];
      const encoded = secrets.map((secret) => Buffer.from(secret).toString('base64').replace(/=+$/, ''));
      expect([...secrets, ...encoded].filter((secret) => server.log.includes(secret))).toEqual([]);
    });
  });
});

/** Text that would be a separate line, or colors on a terminal, if it were logged unescaped. */
const INJECTIONS = [
  ['CR LF and JSON', '\r\n{"level":60,"msg":"forged"}'],
  ['LF alone', '\n{"level":60,"msg":"forged"}'],
  ['ANSI', '\u001b[31mred\u001b[0m'],
  ['JSON', '","level":60,"msg":"forged","x":"'],
  ['a line separator', '\u2028{"level":60}\u0085'],
] as const;

/** Returns the lines that the server logs during an action. */
async function linesOf(act: () => Promise<unknown>): Promise<string[]> {
  const before = server.log.length;
  await act();
  return server.log
    .slice(before)
    .split('\n')
    .filter((line) => line !== '');
}

/**
 * Checks that there is one JSON line for each request, without control characters, and none that was
 * injected. On a busy machine the server also logs, for example, that it was slow.
 */
function expectOneLineEach(lines: string[], requests: number): void {
  const entries = lines.map((line) => JSON.parse(line) as { level: number; msg: string });
  const injected = entries.filter(({ level, msg }) => level === 60 || msg === 'forged');
  expect(injected).toEqual([]);
  expect(entries.filter(({ msg }) => msg === 'request')).toHaveLength(requests);
  expect(lines.filter((line) => /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(line))).toEqual([]);
}

// Covers B57 in docs/explanation/security.md.
describe.each(INJECTIONS)('the log, with %s', (_what, injection) => {
  it('has one line when it is in the name of a login', async () => {
    const login = (name: string) =>
      server.client.request('POST', '/auth/login', { headers: { Authorization: basic(name, PASSWORD) } });

    const lines = await linesOf(() => login(`admin${injection}`));

    expectOneLineEach(lines, 1);
  });

  it('has one line each when it is in stored names and texts', async () => {
    const user = newUser({ displayName: `Ann${injection}` });

    const lines = await linesOf(async () => {
      await server.client.createUser({ ...newUser(), name: `ann${injection}` }, asAdmin);
      await server.client.createUser(user, asAdmin);
      await server.client.createMyToken(asAdmin, { note: `for${injection}` });
    });

    expectOneLineEach(lines, 3);
  });

  it('has one line when it is in a path', async () => {
    const paths = [`/users/${encodeURIComponent(injection)}`, `/${encodeURIComponent(injection)}`];

    const lines = await linesOf(async () => {
      await server.client.user(injection, asAdmin);
      await server.client.request('GET', `${paths[1]}?q=${encodeURIComponent(injection)}`);
    });

    expectOneLineEach(lines, 2);
  });

  it('has one line when it is in a header field, and none if that is not HTTP', async () => {
    // The line end ends the field. The rest would be the next one.
    const sendable = injection.replaceAll(/[\r\n]/g, '').replaceAll('\u2028', 'é');
    const fields = ['User-Agent', 'X-Request-Id', 'X-Forwarded-For', 'Referer'];

    const lines = await linesOf(async () => {
      await sendLines(server.client.baseUrl, [
        'GET /me HTTP/1.1',
        ...fields.map((name) => `${name}: ${sendable}`),
      ]);
    });

    expectOneLineEach(lines, sendable.includes('\u001b') ? 0 : 1);
  });
});
