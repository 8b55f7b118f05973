import { type ErrorCode } from '@latchkey/auth-models';
import { type Page, type Route } from 'playwright-core';

type Respond = (route: Route) => Promise<void>;

/** Value of `Retry-After` in the mocked 429 response. */
export const THROTTLED_SECONDS = 2;

/** Trace id of each mocked problem. */
export const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

const problem =
  (status: number, code: ErrorCode, detail: string, headers: Record<string, string> = {}): Respond =>
  (route) =>
    route.fulfill({
      status,
      headers: { ...headers, 'Content-Type': 'application/problem+json' },
      body: JSON.stringify({
        type: 'about:blank',
        title: 'Rejected',
        status,
        code,
        detail,
        traceId: TRACE_ID,
      }),
    });

/** Responses that a mock can return instead of the server's. */
const RESPONSES = {
  expired: problem(401, 'token_expired', 'The token has expired.'),
  forbidden: problem(403, 'forbidden', 'This requires another permission.'),
  conflict: problem(409, 'conflict', 'The request conflicts with the current state.'),
  stale: problem(412, 'precondition_failed', 'The resource has changed. Fetch it and try again.'),
  throttled: problem(429, 'throttled', 'Too many attempts. Wait and try again.', {
    'Retry-After': String(THROTTLED_SECONDS),
  }),
  broken: problem(500, 'internal_error', 'The server encountered an internal error.'),
  unreachable: (route) => route.abort('connectionrefused'),
} as const satisfies Record<string, Respond>;

/** Mocked responses to some of a page's requests. All other requests reach the server. */
export class ResponseMocks {
  private readonly responses = new Map<string, Respond>();

  /**
   * Intercepts the requests of a page for as long as it exists, because ending an interception aborts pending
   * requests. Also installs a clock that tests can advance.
   */
  async install(page: Page): Promise<void> {
    await page.clock.install();
    await page.route('**/*', (route) => {
      const request = route.request();
      const respond = this.responses.get(`${request.method()} ${new URL(request.url()).pathname}`);
      return respond === undefined ? route.continue() : respond(route);
    });
  }

  /** Mocks the response to a request such as `GET /users`. */
  mock(request: string, response: keyof typeof RESPONSES): void {
    this.responses.set(request, RESPONSES[response]);
  }

  /** Removes all mocks. */
  clear(): void {
    this.responses.clear();
  }
}
