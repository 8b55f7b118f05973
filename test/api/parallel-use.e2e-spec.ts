import { describe, expect, it } from '@jest/globals';
import { tokenHeader, type Answer } from '../support/api-client.js';
import { ADMIN } from '../support/factories.js';
import { useServerProcess } from '../support/use-server-process.js';

/** What is done at once (B31). */
const AT_ONCE = 100;

const server = useServerProcess();

const login = () => server.client.login(ADMIN.name, ADMIN.password);
const loginHeaders = () => server.client.loginHeaders(ADMIN.name, ADMIN.password);

/** Asks so many times at once, and prints how often each status was the answer. */
async function atOnce<Body>(what: string, ask: () => Promise<Answer<Body>>): Promise<Answer<Body>[]> {
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

describe('B31 a hundred at once', () => {
  it('log-outs of one token: one 200 and 99 401', async () => {
    const headers = await loginHeaders();

    const answers = await atOnce('log-outs', () => server.client.logout(headers));

    expect(countsOf(answers)).toEqual({ 200: 1, 401: AT_ONCE - 1 });
    expect(answers.find(({ status }) => status === 200)?.body).toEqual({ success: true });
  });

  it('bumps of one token: all 200', async () => {
    const headers = await loginHeaders();

    const answers = await atOnce('bumps', () => server.client.bump(headers));

    expect(countsOf(answers)).toEqual({ 200: AT_ONCE });
  });

  it('log-ins: distinct tokens that work, or 503 with Retry-After', async () => {
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
