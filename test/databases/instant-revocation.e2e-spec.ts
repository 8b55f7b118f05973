import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { ADMIN, newUser, PASSWORD } from '../support/factories.js';
import { useServerProcess } from '../support/use-server-process.js';

/** What is done (B26). */
const ROUNDS = 5;
const CLIENTS = 15;
const MILLISECONDS_BEFORE = 300;
const MILLISECONDS_AFTER = 300;

/** Whose tokens are ended at once (B29). */
const USERS = 3;
const TOKENS_EACH = 100;

/** As long as may be, so that nothing is forgotten for its age alone. */
const server = useServerProcess({
  LATCHKEY_TOKEN_CACHE_SECONDS: '300',
  LATCHKEY_API_TOKENS_PER_USER: String(TOKENS_EACH),
});
let asAdmin: Headers;

beforeAll(async () => {
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
});

const verify = async (headers: Headers) => (await server.client.verify(headers)).status;
const bump = async (headers: Headers) => (await server.client.bump(headers)).status;

/** Clients that bump and verify one token in turns, without pause, and write down what they were answered. */
class Using {
  readonly answers: { sentTime: number; status: number }[] = [];
  private isOver = false;
  private readonly running: Promise<unknown>;

  constructor(private readonly headers: Headers) {
    this.running = Promise.all(Array.from({ length: CLIENTS }, (_, index) => this.client(index)));
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

// Requirement B26.
describe('POST /auth/logout under load', () => {
  it('is followed by 401 only, in 5 rounds of 15 clients that bump and verify without pause', async () => {
    const before: number[] = [];
    const after: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
      expect([await verify(headers), await verify(headers)]).toEqual([200, 200]);
      const using = new Using(headers);
      await pause(MILLISECONDS_BEFORE);
      expect((await server.client.logout(headers)).status).toBe(200);
      const endTime = performance.now();
      await pause(MILLISECONDS_AFTER);
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
  }, 60_000);
});

/** A user with many tokens, all of which are remembered. */
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

/** How often each status is the answer to a verification of each token. */
async function standing(tokens: readonly Headers[]): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (const status of await Promise.all(tokens.map(verify))) {
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

// Requirement B29.
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
    const ofEverybody = performance.now() - restart;
    expect([status, await standing(all), await standing([asAdmin])]).toEqual([
      200,
      { 401: all.length },
      { 200: 1 },
    ]);
    process.stdout.write(
      `Ended on ${globalThis.DATABASE_KIND}: ${TOKENS_EACH} tokens of a user in ${ofUser.toFixed()} ms, ` +
        `everybody’s in ${ofEverybody.toFixed()} ms; 0 accepted after that\n`,
    );
  }, 60_000);
});
