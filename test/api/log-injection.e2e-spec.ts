import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { basic, type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { sendLines } from '../support/raw-http.js';
import { useAdmin, useServer } from '../support/use-server.js';

/** What would be a line of its own, or colours on a terminal, if it were written as it is. */
const INJECTIONS = [
  ['CR LF and JSON', '\r\n{"level":60,"msg":"forged"}'],
  ['LF alone', '\n{"level":60,"msg":"forged"}'],
  ['ANSI', '\u001b[31mred\u001b[0m'],
  ['JSON', '","level":60,"msg":"forged","x":"'],
  ['a line separator', '\u2028{"level":60}\u0085'],
] as const;

const server = useServer();
const asAdmin: Headers = useAdmin(server);

/** The lines that the server writes while something is done. */
async function linesOf(act: () => Promise<unknown>): Promise<string[]> {
  const before = server.log.length;
  await act();
  return server.log
    .slice(before)
    .split('\n')
    .filter((line) => line !== '');
}

/** One line a request in JSON, of requests alone, with nothing in it that a terminal would obey. */
function expectOneLineEach(lines: string[], requests: number): void {
  const entries = lines.map((line) => JSON.parse(line) as { level: number; msg: string });
  expect(entries.map(({ level, msg }) => [level, msg])).toEqual(Array(requests).fill([30, 'request']));
  expect(lines.filter((line) => /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(line))).toEqual([]);
}

// Requirement B57.
describe.each(INJECTIONS)('the log, with %s', (_what, injection) => {
  beforeAll(async () => {
    // On PostgreSQL it tells in the log when it hears others.
    while ((await server.client.ready()).body.remarks) {
      await pause(20);
    }
  });

  it('has one line when it is in the name of a log-in', async () => {
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
    // A field cannot have a line end in it: what follows would be the next field.
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
