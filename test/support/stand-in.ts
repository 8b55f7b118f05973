import { type ErrorCode } from '@latchkey/auth-models';
import { type Page, type Route } from 'playwright-core';

/** How a request is answered. */
export type Answer = (route: Route) => Promise<void>;

/** How long somebody who was throttled has to wait. */
export const THROTTLED_SECONDS = 2;

/** The trace id of each problem that a stand-in answers with. */
export const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

const problem =
  (status: number, code: ErrorCode, detail: string, headers: Record<string, string> = {}): Answer =>
  (route) =>
    route.fulfill({
      status,
      headers: { ...headers, 'Content-Type': 'application/problem+json' },
      body: JSON.stringify({
        type: 'about:blank',
        title: 'Refused',
        status,
        code,
        detail,
        traceId: TRACE_ID,
      }),
    });

/** What a server may answer in place of what it was asked for. */
export const ANSWERS = {
  ended: problem(401, 'token_expired', 'The token has expired.'),
  forbidden: problem(403, 'forbidden', 'This needs another permission.'),
  conflict: problem(409, 'conflict', 'What is there already does not allow this.'),
  stale: problem(412, 'precondition_failed', 'It has changed meanwhile; read it again.'),
  throttled: problem(429, 'throttled', 'Too many tries; wait and try again.', {
    'Retry-After': String(THROTTLED_SECONDS),
  }),
  broken: problem(500, 'internal_error', 'Something went wrong in the server.'),
  gone: (route) => route.abort('connectionrefused'),
} as const satisfies Record<string, Answer>;

/** Answers some of a page's requests in the server's stead. */
export class StandIn {
  private readonly answers = new Map<string, Answer>();

  /**
   * Begins to listen, for as long as the page lives: an interception that ends takes requests on their way with it. The
   * page's clock can be put forward from here on.
   */
  async attend(page: Page): Promise<void> {
    await page.clock.install();
    await page.route('**/*', (route) => {
      const request = route.request();
      const answer = this.answers.get(`${request.method()} ${new URL(request.url()).pathname}`);
      return answer === undefined ? route.continue() : answer(route);
    });
  }

  /** Answers requests such as `GET /users` like that from now on. */
  answer(request: string, answer: keyof typeof ANSWERS): void {
    this.answers.set(request, ANSWERS[answer]);
  }

  /** Leaves all requests to the server. */
  leave(): void {
    this.answers.clear();
  }
}
