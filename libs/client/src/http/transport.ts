import { LatchkeyError } from './latchkey-error.js';
import { readResponse, type Answer, type Representation } from './read-response.js';
import { TimeLimit } from './time-limit.js';

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_RETRIES = 2;
/** Pause before the first repetition if the server names none. Each further pause is twice as long. */
const FIRST_PAUSE_MS = 200;
const TEMPORARY = [429, 502, 503, 504];

/** Options for requests. */
export interface TransportOptions {
  /** Address of Latchkey, such as `https://auth.example.org`. */
  url: string | URL;
  /** Time limit of each call in milliseconds, with all its attempts. 10 seconds by default. */
  timeout?: number;
  /** Maximum number of repetitions of a request that is safe to repeat. 2 by default. */
  retries?: number;
  /** Replacement for the global `fetch`. */
  fetch?: typeof fetch;
}

/** Options of one call. */
export interface CallOptions {
  /** Aborts the call, which then rejects with the reason of the signal. */
  signal?: AbortSignal;
  /** Time limit of this call in milliseconds. */
  timeout?: number;
  /** Maximum number of repetitions of this call, if it is safe to repeat. */
  retries?: number;
  /**
   * Expected version of the changed resource, or `*` for any. If it has another one, the server rejects the
   * change.
   */
  ifMatch?: number | '*';
  /** Seconds, at least 2, for which a revocation may delay its response until it is in effect everywhere. */
  wait?: number;
}

/** Value of a query parameter. Arrays are sent as repeated parameters. */
type QueryValue = string | number | boolean | readonly string[] | undefined;

/** Request to Latchkey. */
export interface Call {
  method: string;
  path: string;
  query?: object;
  /** Sent as `application/x-www-form-urlencoded`. */
  form?: object;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Expected body of the response. JSON by default. */
  representation?: Representation;
  /**
   * Whether sending the request twice does no more than sending it once. By default true for GET and HEAD.
   */
  isRepeatable?: boolean;
}

/** Sends requests to Latchkey, with a time limit, repetitions and typed errors. */
export class Transport {
  private readonly base: string;

  constructor(private readonly options: TransportOptions) {
    this.base = new URL(options.url).href.replace(/[?#].*$/, '').replace(/\/+$/, '');
  }

  /**
   * Sends a request. Repeats it if it is safe to repeat and the failure is temporary, after the time in
   * `Retry-After`.
   *
   * @throws LatchkeyError, or the reason of the caller's signal.
   */
  async send<Body>(call: Call, options: CallOptions = {}): Promise<Answer<Body>> {
    const { timeout = DEFAULT_TIMEOUT_MS, retries = DEFAULT_RETRIES } = { ...this.options, ...options };
    const isRepeatable = call.isRepeatable ?? ['GET', 'HEAD'].includes(call.method);
    const limit = new TimeLimit(timeout, options.signal);
    try {
      for (let attempt = 0; ; attempt++) {
        try {
          return await this.attempt<Body>(call, options, limit.signal);
        } catch (error) {
          const isLast = !isRepeatable || attempt >= retries || !isTemporary(error);
          if (isLast || !(await limit.pause(pauseBefore(error, attempt)))) {
            throw error;
          }
        }
      }
    } finally {
      limit.end();
    }
  }

  private async attempt<Body>(call: Call, options: CallOptions, signal: AbortSignal): Promise<Answer<Body>> {
    const { fetch: send = fetch } = this.options;
    const { method, path, query, form, body, representation = 'json' } = call;
    const search = query === undefined ? '' : parametersOf(query).toString();
    const headers = {
      ...(representation === 'json' && { Accept: 'application/json' }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(options.ifMatch !== undefined && {
        'If-Match': options.ifMatch === '*' ? '*' : `"${options.ifMatch}"`,
      }),
      ...(options.wait !== undefined && { Prefer: `wait=${options.wait}` }),
      ...call.headers,
    };
    try {
      const response = await send(this.base + path + (search && `?${search}`), {
        method,
        headers,
        body: form ? parametersOf(form) : JSON.stringify(body),
        signal,
        // A redirect would send the token to another server.
        redirect: 'manual',
      });
      return await readResponse<Body>(response, representation, signal);
    } catch (error) {
      if (signal.aborted) {
        throw signal.reason;
      }
      throw error instanceof LatchkeyError ? error : unreachable(error);
    }
  }
}

function parametersOf(query: object): URLSearchParams {
  if (query instanceof URLSearchParams) {
    return query;
  }
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query) as [string, QueryValue][]) {
    for (const one of [value].flat()) {
      if (one !== undefined) {
        parameters.append(name, String(one));
      }
    }
  }
  return parameters;
}

/** Whether the same request can succeed later. */
function isTemporary(error: unknown): error is LatchkeyError {
  return (
    error instanceof LatchkeyError &&
    (error.code === 'unreachable' || error.code === 'timeout' || TEMPORARY.includes(error.status ?? 0))
  );
}

/**
 * Returns the milliseconds to wait: those that the server requests, else more with each attempt, spread at
 * random.
 */
function pauseBefore({ retryAfter }: LatchkeyError, attempt: number): number {
  return retryAfter === undefined
    ? FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random() / 2)
    : retryAfter * 1000;
}

function unreachable(cause: unknown): LatchkeyError {
  return new LatchkeyError({
    code: 'unreachable',
    title: 'Unreachable',
    detail: 'Latchkey is unreachable. Check the URL and the network.',
    cause,
  });
}
