import { LatchkeyError } from '../http/latchkey-error.js';
import { hasMediaType, MEBIBYTE, readResponse, unexpectedResponse } from '../http/read-response.js';
import { type ActiveIntrospection, type InactiveIntrospection, readIntrospection } from './introspection.js';
import { reportable, type ReportableClient } from './reportable.js';

/** Client of a request, and the id of the request. */
export interface CertainOrigin extends ReportableClient {
  readonly address: string | undefined;
  readonly traceId: string;
}

/** Options of the connection to the server. */
export interface ServerOptions {
  /** URL of the server, such as `https://auth.example.org`. */
  url: string | URL;
  /** Returns the own token, or the value of `X-Auth-Token`. */
  token: () => Promise<string>;
  /** Milliseconds within which the server must respond. */
  timeout: number;
  fetch: typeof fetch;
  /** Called with the header fields of each response. */
  onResponse: (headers: Headers) => void;
}

/** Milliseconds within which the server must respond to a rotation. */
const ROTATION_TIMEOUT = 30_000;
const BARE_TOKEN = /^[A-Za-z][A-Za-z0-9_]{4,9}_[0-9A-Za-z]{33}$/;

/** Requests of a verifier. */
export class LatchkeyServer {
  private readonly base: string;

  // Fields with # do not appear in logs of the verifier.
  readonly #options: ServerOptions;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.base = String(options.url).replace(/\/*$/, '/');
    if (!URL.canParse('auth/introspect', this.base)) {
      throw new TypeError(
        `The option "url" is not a URL: "${String(options.url)}". Use a URL such as https://auth.example.org.`,
      );
    }
  }

  /**
   * Asks about a token, and why it is not valid.
   *
   * @throws LatchkeyError if the request fails, or another error if the response is invalid.
   */
  async introspect(
    token: string,
    { traceId, address, ...client }: CertainOrigin,
    verifier: string,
  ): Promise<ActiveIntrospection | InactiveIntrospection> {
    const form = {
      token,
      verifier,
      explain: 'true',
      ...(address !== undefined && { address }),
      ...reportable(client),
    };
    const body = new URLSearchParams(form);
    const headers = { 'x-request-id': traceId };
    return readIntrospection(
      await this.exchange('auth/introspect', { method: 'POST', headers, body }, bodyOf),
    );
  }

  /** Sends a JSON body and returns the JSON of the response. @throws LatchkeyError if the request fails. */
  async post(path: string, body: object): Promise<unknown> {
    const headers = { 'content-type': 'application/json' };
    return this.exchange(path, { method: 'POST', headers, body: JSON.stringify(body) }, bodyOf);
  }

  /**
   * Sends a request with a token instead of the own one, and waits longer for the response, because that of a
   * rotation has the only copy of the new token.
   *
   * @throws LatchkeyError if the request fails.
   */
  async sendWith(token: string, method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    const init = body
      ? { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      : { method };
    return this.exchange(path, init, bodyOf, { token, timeout: ROTATION_TIMEOUT });
  }

  /**
   * Opens a stream.
   *
   * @param connection aborts the stream. The timeout applies only until the response begins.
   * @throws LatchkeyError unless the response is an event stream.
   */
  async stream(
    path: string,
    headers: Record<string, string>,
    connection: AbortController,
  ): Promise<Response> {
    const read = async (response: Response, signal: AbortSignal) => {
      if (!response.ok) {
        await readResponse(response, 'none', signal, MEBIBYTE);
      }
      if (!hasMediaType(response, 'text/event-stream')) {
        throw unexpectedResponse(response);
      }
      return response;
    };
    return this.exchange(path, { headers }, read, { controller: connection });
  }

  /**
   * Sends a request, by default with the own token, and reads the response. All of it must end within the
   * timeout.
   */
  private async exchange<Result>(
    path: string,
    init: RequestInit & { headers?: Record<string, string> },
    read: (response: Response, signal: AbortSignal) => Promise<Result>,
    {
      controller = new AbortController(),
      token,
      timeout = this.#options.timeout,
    }: { controller?: AbortController; token?: string; timeout?: number } = {},
  ): Promise<Result> {
    const { fetch: send } = this.#options;
    const { signal } = controller;
    const timer = setTimeout(
      () => controller.abort(new DOMException('The server did not respond in time.', 'TimeoutError')),
      timeout,
    );
    let isSent = false;
    try {
      signal.throwIfAborted();
      const presented = token ?? (await abortable(this.#options.token(), signal));
      const headers = { ...init.headers, ...credentialsOf(presented) };
      isSent = true;
      // A redirect would send the credentials to another server.
      const response = await send(new URL(path, this.base), { signal, ...init, headers, redirect: 'error' });
      if (token === undefined) {
        this.#options.onResponse(response.headers);
      }
      return await read(response, signal);
    } catch (error) {
      if (error instanceof LatchkeyError) {
        throw error;
      }
      const isTimeout = (error as { name?: unknown } | undefined)?.name === 'TimeoutError';
      if (!isSent && !isTimeout) {
        throw error;
      }
      throw new LatchkeyError({
        code: isTimeout ? 'timeout' : 'unreachable',
        title: isTimeout ? 'Timeout' : 'Unreachable',
        detail: isTimeout
          ? `${isSent ? this.base : 'The function in the option "token"'} did not respond within ${timeout} ms.`
          : `${this.base} cannot be reached.`,
        cause: error,
      });
    } finally {
      clearTimeout(timer);
    }
  }
}

function credentialsOf(token: string): Record<string, string> {
  // The error of `fetch` would contain the token.
  if (!/^[!-~]+$/.test(token)) {
    throw new TypeError('The token of this service must be one line of ASCII characters.');
  }
  return BARE_TOKEN.test(token) ? { authorization: `Bearer ${token}` } : { 'x-auth-token': token };
}

/** Returns the result of a promise, unless the signal aborts before. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) {
    return promise;
  }
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

async function bodyOf(response: Response, signal: AbortSignal): Promise<unknown> {
  return (await readResponse(response, 'json', signal, MEBIBYTE)).body;
}
