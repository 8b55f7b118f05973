import { eventOf } from '../../../apps/api/src/auth/verifiers/event-log.js';
import { type Clock } from '../../../libs/client/src/verifier/clock.js';
import { type Introspection } from '../../../libs/client/src/verifier/introspection.js';

/** Clocks that tests move. */
export class FakeClock implements Clock {
  now = 1_000;
  day = 1_700_000_000_000;
  /** Pauses that nobody has ended. */
  readonly waiting = new Set<() => void>();

  monotonic = (): number => this.now;
  wall = (): number => this.day;

  wait = (_: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const wake = () => {
        this.waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.waiting.add(wake);
      signal.addEventListener('abort', wake);
    });

  /** Lets time pass. */
  advance(milliseconds: number): void {
    this.now += milliseconds;
    this.day += milliseconds;
  }

  /** Ends all pauses. */
  async wake(): Promise<void> {
    for (const wake of this.waiting) {
      wake();
    }
    await turns();
  }
}

/** Request that a fake server received. */
export interface ReceivedRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: string;
}

/** Process of a fake server. */
export const PROCESS = 'process-1';

/** Stream of a revocation feed. */
export class FakeFeed {
  private controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  readonly response: Response;

  constructor() {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.controller = controller;
      },
    });
    this.response = responseOf(200, body, { 'content-type': 'text/event-stream; charset=utf-8' });
  }

  /** Sends an event that has no number of its own, and waits until it has been handled. */
  async send(type: 'hello' | 'heartbeat', data: object): Promise<void> {
    this.controller?.enqueue(new TextEncoder().encode(eventOf(type, data, PROCESS, 0)));
    await turns();
  }

  fail(reason: unknown): void {
    this.controller?.error(reason);
  }
}

/** Server in memory, which verifiers reach by {@link fetch}. */
export class FakeLatchkey {
  readonly requests: ReceivedRequest[] = [];
  readonly feeds: FakeFeed[] = [];

  introspect: (form: URLSearchParams) => Introspection | Response | Promise<Introspection | Response> =
    () => ({
      active: false,
      reason: 'token_revoked',
    });
  /** Response instead of a feed. */
  feedResponse: (() => Response) | undefined;
  report: (report: unknown) => Response | Promise<Response> = () =>
    Response.json({ time: 0, process: 'other' });

  /** Returns the requests for a path. */
  to(path: string): ReceivedRequest[] {
    return this.requests.filter((request) => request.path === path);
  }

  readonly fetch: typeof fetch = async (input, init = {}) => {
    const url = new URL(input);
    const request = {
      path: url.pathname,
      query: url.searchParams,
      headers: new Headers(init.headers),
      body:
        init.body instanceof URLSearchParams
          ? init.body.toString()
          : ((init.body as string | undefined) ?? ''),
    };
    this.requests.push(request);
    const { signal } = init;
    const response = await Promise.race([
      this.respond(request, signal),
      new Promise<never>((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      }),
    ]);
    return Object.defineProperty(response, 'url', { value: url.href });
  };

  private async respond(request: ReceivedRequest, signal?: AbortSignal | null): Promise<Response> {
    switch (request.path) {
      case '/auth/introspect': {
        const answer = await this.introspect(new URLSearchParams(request.body));
        return answer instanceof Response ? answer : Response.json(answer);
      }
      case '/auth/revocations': {
        if (this.feedResponse) {
          return this.feedResponse();
        }
        const feed = new FakeFeed();
        this.feeds.push(feed);
        signal?.addEventListener('abort', () => feed.fail(signal.reason));
        return feed.response;
      }
      case '/auth/revocations/reports':
        return this.report(JSON.parse(request.body));
      default:
        return responseOf(204, null);
    }
  }
}

/** Waits until all other callbacks that are ready have run. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Returns a response of a fake server. */
export function responseOf(
  status: number,
  body: ReadableStream<Uint8Array> | string | null = null,
  headers: Record<string, string> = {},
): Response {
  return new Response(body, { status, headers });
}
