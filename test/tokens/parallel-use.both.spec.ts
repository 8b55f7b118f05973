import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiResponse, type Headers, tokenHeader } from '../support/api-client.js';
import { describeOnce, IS_DEEP } from '../support/deep.js';
import { ADMIN, newUser, PASSWORD } from '../support/factories.js';
import { PendingRequest } from '../support/raw-http.js';
import { useServerProcess } from '../support/use-server-process.js';
import { waitUntil } from '../support/wait-until.js';

/** Tokens of a user that are revoked in one request. */
const TOKENS_EACH = IS_DEEP ? 100 : 25;

/** With the maximum cache time, so that no entry expires. */
const server = useServerProcess({
  LATCHKEY_TOKEN_CACHE_SECONDS: '300',
  LATCHKEY_API_TOKENS_PER_USER: String(TOKENS_EACH),
});

describe('parallel and repeated requests', () => {
  /** Number of parallel requests (B31). */
  const AT_ONCE = 100;

  const login = () => server.client.login(ADMIN.name, ADMIN.password);
  const loginHeaders = () => server.client.loginHeaders(ADMIN.name, ADMIN.password);

  /** Sends parallel requests and prints the count of each status. */
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

  // Covers B31 in docs/explanation/security.md.
  describeOnce('100 parallel requests', () => {
    it('log out one token with one 200 and 99 401', async () => {
      const headers = await loginHeaders();

      const answers = await atOnce('logouts', () => server.client.logout(headers));

      expect(countsOf(answers)).toEqual({ 200: 1, 401: AT_ONCE - 1 });
      expect(answers.find(({ status }) => status === 200)?.body).toEqual({ success: true });
    });

    it('bump one token with 100 times 200', async () => {
      const headers = await loginHeaders();

      const answers = await atOnce('bumps', () => server.client.bump(headers));

      expect(countsOf(answers)).toEqual({ 200: AT_ONCE });
    });

    // The limit on password hashes does not depend on the database.
    if (globalThis.DATABASE_KIND === 'postgres') {
      it('log in with distinct valid tokens, or 503 with Retry-After', async () => {
        const answers = await atOnce('logins', login);

        const letIn = answers.filter(({ status }) => status === 200);
        const others = answers.filter(({ status }) => status !== 200);
        expect(
          others.filter(({ status, headers }) => status !== 503 || !(Number(headers.get('retry-after')) > 0)),
        ).toEqual([]);
        // The number depends on the speed of the machine, because the wait for a password hash is limited.
        expect(letIn.length).toBeGreaterThan(0);
        expect(new Set(letIn.map(({ body }) => body.token)).size).toBe(letIn.length);
        const checks = await Promise.all(letIn.map(({ body }) => server.client.verify(tokenHeader(body))));
        expect(countsOf(checks)).toEqual({ 200: letIn.length });
      });
    }
  });

  // Covers B35 in docs/explanation/security.md.
  describeOnce('a request repeated after its connection was cut', () => {
    interface Lost {
      headers: Headers;
      body?: object;
      /** Whether the request has been carried out. */
      isDone: () => Promise<boolean>;
    }

    /**
     * Sends a request, and cuts the connection when it has been carried out, without reading the response.
     */
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

    it('returns 401 for a logout, and 404 for a deletion', async () => {
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
});

describe('revocation under load', () => {
  const ROUNDS = IS_DEEP ? 5 : 2;
  const CLIENTS = 15;
  /** Requests before and after each logout. */
  const REQUESTS = 2 * CLIENTS;

  /** Users and tokens that are revoked in one request. */
  const USERS = 3;
  let asAdmin: Headers;

  beforeAll(async () => {
    asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  });

  const verify = async (headers: Headers) => (await server.client.verify(headers)).status;
  const bump = async (headers: Headers) => (await server.client.bump(headers)).status;

  /** Clients that alternately bump and verify one token without pause, and record the statuses. */
  class Using {
    readonly answers: { sentTime: number; status: number }[] = [];
    private isOver = false;
    private readonly running: Promise<unknown>;

    constructor(private readonly headers: Headers) {
      this.running = Promise.all(Array.from({ length: CLIENTS }, (_, index) => this.client(index)));
    }

    /** Returns the number of responses to requests sent after a time. */
    countSince(time: number): number {
      return this.answers.filter(({ sentTime }) => sentTime > time).length;
    }

    async stop(): Promise<void> {
      this.isOver = true;
      await this.running;
    }

    private async client(index: number): Promise<void> {
      for (let turn = index; !this.isOver; turn += 1) {
        const sentTime = performance.now();
        const status = await (turn % 2 === 0 ? bump : verify)(this.headers);
        this.answers.push({ sentTime, status });
      }
    }
  }

  // Covers B26 in docs/explanation/security.md.
  describe('POST /auth/logout under load', () => {
    it('is followed by 401 only, in several rounds of 15 clients that bump and verify without pause', async () => {
      const before: number[] = [];
      const after: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
        expect([await verify(headers), await verify(headers)]).toEqual([200, 200]);
        const using = new Using(headers);
        await waitUntil(
          () => using.answers.length,
          (count) => count > REQUESTS,
          { pauseMilliseconds: 1 },
        );
        expect((await server.client.logout(headers)).status).toBe(200);
        const endTime = performance.now();
        await waitUntil(
          () => using.countSince(endTime),
          (count) => count > REQUESTS,
          { pauseMilliseconds: 1 },
        );
        await using.stop();
        for (const { sentTime, status } of using.answers) {
          (sentTime < endTime ? before : after).push(status);
        }
      }

      const accepted = after.filter((status) => status === 200).length;
      process.stdout.write(
        `Logged out under ${CLIENTS} clients on ${globalThis.DATABASE_KIND}, ${ROUNDS} rounds: ${before.length} requests before ` +
          `the answer, ${after.length} after it, ${accepted} of these accepted\n`,
      );
      expect(before.filter((status) => status === 200).length).toBeGreaterThan(CLIENTS * ROUNDS);
      expect(new Set(before)).toEqual(new Set([200, 401]));
      expect(after.length).toBeGreaterThan(CLIENTS * ROUNDS);
      expect(new Set(after)).toEqual(new Set([401]));
    });
  });

  /** Creates a user with many tokens, and caches all of them. */
  async function userWithTokens(): Promise<{ name: string; tokens: Headers[] }> {
    const { name } = newUser();
    expect((await server.client.createUser(newUser({ name }), asAdmin)).status).toBe(201);
    const session = await server.client.loginHeaders(name, PASSWORD);
    const tokens = [session];
    while (tokens.length < TOKENS_EACH) {
      const { status, body } = await server.client.createMyToken(session);
      expect(status).toBe(201);
      tokens.push(tokenHeader(body));
    }
    return { name, tokens };
  }

  /** Verifies each token and returns the count of each status. */
  async function standing(tokens: readonly Headers[]): Promise<Record<number, number>> {
    const counts: Record<number, number> = {};
    for (const status of await Promise.all(tokens.map(verify))) {
      counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
  }

  // Covers B29 in docs/explanation/security.md.
  describe('the revocation of many tokens', () => {
    it('takes effect at the next request, for one user and for all', async () => {
      const users = await Promise.all(Array.from({ length: USERS }, userWithTokens));
      const [first, ...others] = users.map(({ tokens }) => tokens);
      const all = users.flatMap(({ tokens }) => tokens);
      expect([await standing(all), await standing(all)]).toEqual(Array(2).fill({ 200: all.length }));

      const start = performance.now();
      expect((await server.client.revokeUserTokens(users[0]!.name, asAdmin)).status).toBe(204);
      const ofUser = performance.now() - start;
      expect([await standing(first!), await standing(others.flat())]).toEqual([
        { 401: TOKENS_EACH },
        { 200: (USERS - 1) * TOKENS_EACH },
      ]);

      const restart = performance.now();
      const { status } = await server.client.bulkTokens(
        { action: 'revoke', filter: {}, keepCurrent: true },
        asAdmin,
      );
      const ofAll = performance.now() - restart;
      expect([status, await standing(all), await standing([asAdmin])]).toEqual([
        200,
        { 401: all.length },
        { 200: 1 },
      ]);
      process.stdout.write(
        `Revoked on ${globalThis.DATABASE_KIND}: ${TOKENS_EACH} tokens of a user in ${ofUser.toFixed()} ms, ` +
          `all in ${ofAll.toFixed()} ms; 0 accepted after that\n`,
      );
    });
  });
});
