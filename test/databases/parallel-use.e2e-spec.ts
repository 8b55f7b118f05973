import { describe, expect, it } from '@jest/globals';
import { tokenHeader, type ApiResponse, type Headers } from '../support/api-client.js';
import { ADMIN, newUser } from '../support/factories.js';
import { PendingRequest } from '../support/raw-http.js';
import { waitUntil } from '../support/use-replicas.js';
import { useServerProcess } from '../support/use-server-process.js';

/** What is done at once (B31). */
const AT_ONCE = 100;

const server = useServerProcess();

const login = () => server.client.login(ADMIN.name, ADMIN.password);
const loginHeaders = () => server.client.loginHeaders(ADMIN.name, ADMIN.password);

/** Asks so many times at once, and prints how often each status was the answer. */
async function atOnce<Body>(
  what: string,
  ask: () => Promise<ApiResponse<Body>>,
): Promise<ApiResponse<Body>[]> {
  const start = performance.now();
  const answers = await Promise.all(Array.from({ length: AT_ONCE }, ask));
  const took = performance.now() - start;
  const figures = Object.entries(countsOf(answers)).map(([status, count]) => `${count} times ${status}`);
  process.stdout.write(
    `${AT_ONCE} ${what} at once on ${globalThis.DATABASE_KIND}: ${figures.join(', ')} in ${took.toFixed()} ms\n`,
  );
  return answers;
}

function countsOf(answers: readonly { status: number }[]): Record<number, number> {
  const counts: Record<number, number> = {};
  answers.forEach(({ status }) => (counts[status] = (counts[status] ?? 0) + 1));
  return counts;
}

// Requirement B31.
describe('100 parallel requests', () => {
  it('log out one token with one 200 and 99 401', async () => {
    const headers = await loginHeaders();

    const answers = await atOnce('log-outs', () => server.client.logout(headers));

    expect(countsOf(answers)).toEqual({ 200: 1, 401: AT_ONCE - 1 });
    expect(answers.find(({ status }) => status === 200)?.body).toEqual({ success: true });
  });

  it('bump one token with 100 times 200', async () => {
    const headers = await loginHeaders();

    const answers = await atOnce('bumps', () => server.client.bump(headers));

    expect(countsOf(answers)).toEqual({ 200: AT_ONCE });
  });

  it('log in with distinct valid tokens, or 503 with Retry-After', async () => {
    const answers = await atOnce('log-ins', login);

    const letIn = answers.filter(({ status }) => status === 200);
    const others = answers.filter(({ status }) => status !== 200);
    expect(
      others.filter(({ status, headers }) => status !== 503 || !(Number(headers.get('retry-after')) > 0)),
    ).toEqual([]);
    // As many are let in on any machine.
    expect(letIn.length).toBeGreaterThan(20);
    expect(new Set(letIn.map(({ body }) => body.token)).size).toBe(letIn.length);
    const checks = await Promise.all(letIn.map(({ body }) => server.client.verify(tokenHeader(body))));
    expect(countsOf(checks)).toEqual({ 200: letIn.length });
  });
});

// Requirement B35.
describe('a request repeated after its connection was cut', () => {
  interface Lost {
    headers: Headers;
    body?: object;
    /** Whether it has been carried out. */
    isDone: () => Promise<boolean>;
  }

  /** Sends a request, and cuts the connection when it has been carried out, without looking at the answer. */
  const lose = async (route: string, { headers, body, isDone }: Lost): Promise<void> => {
    const request = await PendingRequest.open(server.client.baseUrl);
    const text = body === undefined ? '' : JSON.stringify(body);
    const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const type = body === undefined ? [] : ['Content-Type: application/json'];
    request.send(
      [`${route} HTTP/1.1`, ...fields, ...type, `Content-Length: ${Buffer.byteLength(text)}`],
      text,
    );
    await waitUntil(isDone);
    request.close();
  };

  it('returns 409 for the creation of a user', async () => {
    const headers = await loginHeaders();
    const body = newUser({ password: undefined });
    const isDone = async () => (await server.client.user(body.name, headers)).status === 200;
    await lose('POST /users', { headers, body, isDone });

    const { status } = await server.client.createUser(body, headers);

    expect(status).toBe(409);
  });

  it('creates a second token, and both are listed', async () => {
    const headers = await loginHeaders();
    const ids = async () =>
      (await server.client.myTokens(headers, '?q=repeated')).body.items.map(({ id }) => id);
    const isDone = async () => (await ids()).length === 1;
    await lose('POST /me/tokens', { headers, body: { note: 'repeated' }, isDone });

    const { status, body } = await server.client.createMyToken(headers, { note: 'repeated' });

    expect(status).toBe(201);
    expect(await ids()).toHaveLength(2);
    expect(await ids()).toContain(body.id);
  });

  it('returns 401 for a log-out, and 404 for a deletion', async () => {
    const headers = await loginHeaders();
    const leaving = await loginHeaders();
    const { name } = (await server.client.createUser(newUser({ password: undefined }), headers)).body;
    const isLoggedOut = async () => (await server.client.me(leaving)).status === 401;
    const isDeleted = async () => (await server.client.user(name, headers)).status === 404;
    await lose('POST /auth/logout', { headers: leaving, isDone: isLoggedOut });
    await lose(`DELETE /users/${name}`, { headers, isDone: isDeleted });

    const repeats = [await server.client.logout(leaving), await server.client.deleteUser(name, headers)];

    expect(repeats.map(({ status }) => status)).toEqual([401, 404]);
    expect(server.output).not.toMatch(/"level":(50|60)/);
  });
});
