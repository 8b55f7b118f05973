import type { IntrospectionResponseDto } from '@latchkey/auth-models';
import { LatchkeyError } from '../http/latchkey-error.js';
import { readResponse } from '../http/read-response.js';
import { type Presented } from './credentials.js';
import { rejectionIn, type VerificationError } from './verification-error.js';

/** Response to an introspection. Servers without a revocation feed send neither of the two members. */
export interface Introspection extends IntrospectionResponseDto {
  /** Seconds for which a verifier with a fresh feed may cache the response. */
  remember_for?: number;
  /** Whether the response holds for the address in the request only. */
  bound_to_address?: boolean;
}

/** Options of the connection to the server. */
export interface ServerOptions {
  /** URL of the server, such as `https://auth.example.org`. */
  url: string | URL;
  /** Token with the permission `tokens:introspect`, or the value of `X-Auth-Token`, or a function that returns either. */
  token: string | (() => string | Promise<string>);
  /** Milliseconds within which the server must respond. */
  timeout: number;
  fetch: typeof fetch;
}

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
    if (options.token === '') {
      throw new TypeError('The option "token" is empty. Use a token with the permission tokens:introspect.');
    }
  }

  /** Asks about a token. @throws LatchkeyError if the request fails. */
  async introspect(token: string, address: string | undefined, verifier: string): Promise<Introspection> {
    const body = new URLSearchParams({ token, verifier, ...(address !== undefined && { address }) });
    const response = await this.send('auth/introspect', { method: 'POST', body });
    return (await readResponse<Introspection>(response, 'json')).body;
  }

  /**
   * Asks why a token is not accepted. `Forwarded` says that the address of the client is unknown (RFC 7239). Without it, the
   * server would accept a token that is limited to the address of this process, and record a use.
   *
   * @returns `undefined` if it is accepted.
   * @throws LatchkeyError if the request fails.
   */
  async rejectionOf({ header, value }: Presented): Promise<VerificationError | undefined> {
    const response = await this.request('auth/verify', {
      headers: { [header]: value, forwarded: 'for=unknown' },
    });
    const rejection = rejectionIn(response);
    if (!rejection) {
      // Throws unless the status is 2xx.
      await readResponse(response, 'none');
    }
    return rejection;
  }

  /** Sends a JSON body. */
  async post<Body>(path: string, body: object): Promise<Body> {
    const headers = { 'content-type': 'application/json' };
    const response = await this.send(path, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await readResponse<Body>(response, 'json')).body;
  }

  /** Opens a stream. @param signal ends it; the timeout applies only until the response begins. */
  async stream(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
    const opening = new AbortController();
    const timer = setTimeout(
      () => opening.abort(new DOMException('The server did not respond in time.', 'TimeoutError')),
      this.#options.timeout,
    );
    try {
      return await this.send(path, { headers, signal: AbortSignal.any([signal, opening.signal]) });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends a request with the token of the verifier. @throws LatchkeyError unless the status is 2xx. */
  private async send(path: string, init: RequestInit): Promise<Response> {
    const response = await this.request(path, {
      ...init,
      headers: { ...init.headers, ...(await this.ownCredentials()) },
    });
    if (!response.ok) {
      await readResponse(response, 'none');
    }
    return response;
  }

  private async request(path: string, init: RequestInit): Promise<Response> {
    try {
      return await this.#options.fetch(new URL(path, this.base), {
        signal: AbortSignal.timeout(this.#options.timeout),
        ...init,
        // Would send the credentials to another server.
        redirect: 'error',
      });
    } catch (error) {
      const isTimeout = (error as { name?: unknown } | undefined)?.name === 'TimeoutError';
      throw new LatchkeyError({
        code: isTimeout ? 'timeout' : 'unreachable',
        title: isTimeout ? 'Timeout' : 'Unreachable',
        detail: isTimeout
          ? `${this.base} did not respond within ${this.#options.timeout} ms.`
          : `${this.base} cannot be reached.`,
        cause: error,
      });
    }
  }

  private async ownCredentials(): Promise<Record<string, string>> {
    const { token } = this.#options;
    const text = typeof token === 'function' ? await token() : token;
    return BARE_TOKEN.test(text) ? { authorization: `Bearer ${text}` } : { 'x-auth-token': text };
  }
}
