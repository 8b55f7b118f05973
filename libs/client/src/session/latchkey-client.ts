import type { BumpResponseDto, LoginDto, UserTokenDto } from '@latchkey/auth-models';
import { LatchkeyError } from '../http/latchkey-error.js';
import type { Answer } from '../http/read-response.js';
import { Transport, type Call, type CallOptions, type TransportOptions } from '../http/transport.js';
import { basicHeader, tokenHeader, type TokenCredentials } from './credentials.js';

const DEFAULT_GRACE_PERIOD_SECONDS = 3600;
/** Shortest and longest pause after a bump that failed while the session is still valid. */
const BUMP_PAUSE_MS = 30_000;
const BUMP_PAUSE_MAX_MS = 300_000;

/** Options of a client. */
export interface ClientOptions extends TransportOptions {
  /** Token to start with, such as a stored session or an API token. */
  credentials?: TokenCredentials;
  /** Origins of your own APIs, such as `https://api.example.org`, to which `fetch` sends the token. */
  apiOrigins?: readonly string[];
}

/** Options of a rotation. */
export interface RotationOptions extends Pick<CallOptions, 'signal' | 'timeout'> {
  /** Seconds for which the old secret stays valid, at least 1. One hour by default. */
  gracePeriodSeconds?: number;
}

/** Token of the client, and its next bump. */
interface Held {
  credentials: TokenCredentials;
  /** Time of the next bump in milliseconds since 1970; `Infinity` during a bump. */
  bumpAt: number;
  /** Expiry that the last bump returned. */
  expiry?: string;
}

/**
 * Client of Latchkey: logs in, attaches the token to requests, keeps a session alive, rotates a token, logs
 * out.
 */
export class LatchkeyClient {
  private readonly transport: Transport;
  private readonly origins: ReadonlySet<string>;
  private readonly sendToApi: typeof fetch | undefined;
  // Fields with # do not appear in logs of the client.
  #held: Held | undefined;
  /** New secret that could not be stored yet. */
  #unstored: { held: Held; credentials: TokenCredentials } | undefined;

  constructor({ credentials, apiOrigins = [], ...options }: ClientOptions) {
    this.transport = new Transport(options);
    this.sendToApi = options.fetch;
    this.origins = new Set([options.url, ...apiOrigins].map((url) => new URL(url).origin));
    this.credentials = credentials;
  }

  /** Current token, for example to store a session. `undefined` before the login and after the logout. */
  get credentials(): TokenCredentials | undefined {
    return this.#held?.credentials;
  }

  set credentials(credentials: TokenCredentials | undefined) {
    // The age of a stored session is unknown, so it is bumped before its first use.
    this.#held = credentials && { credentials, bumpAt: credentials.kind === 'session' ? 0 : Infinity };
  }

  /** Logs in and keeps the session for further requests. `permissions` and `roles` limit it. */
  async logIn(
    name: string,
    password: string,
    login: LoginDto = {},
    options?: CallOptions,
  ): Promise<UserTokenDto> {
    const headers = basicHeader(name, password);
    const call = { method: 'POST', path: '/auth/login', headers, body: login, isRepeatable: true };
    const { body: session } = await this.transport.send<UserTokenDto>(call, options);
    const { user, token = '', kind, creationTime, expirationTime, idleExpirationTime } = session;
    this.#held = {
      credentials: { user, token, kind },
      expiry: [expirationTime, idleExpirationTime].filter((time) => time !== undefined).sort(byTime)[0],
      bumpAt: Infinity,
    };
    if (idleExpirationTime !== undefined && idleExpirationTime === this.#held.expiry) {
      this.#held.bumpAt = halfway(creationTime, idleExpirationTime);
    }
    return session;
  }

  /** Revokes the token and forgets it. */
  async logOut(options?: CallOptions): Promise<void> {
    const held = this.#held;
    if (held === undefined) {
      return;
    }
    const headers = tokenHeader(held.credentials);
    try {
      // A repetition after a lost response returns 401.
      await this.transport.send(
        { method: 'POST', path: '/auth/logout', headers, isRepeatable: true },
        options,
      );
    } catch (error) {
      if (!(error instanceof LatchkeyError && error.status === 401)) {
        throw error;
      }
    }
    this.forget(held);
  }

  /**
   * Replaces the secret of the token. Waits for `store` before it uses the new secret. If `store` fails, the
   * client keeps using the old one, which is valid during the grace period. The next rotation then stores the
   * same new secret again.
   */
  async rotate(
    store: (credentials: TokenCredentials) => void | Promise<void>,
    { gracePeriodSeconds = DEFAULT_GRACE_PERIOD_SECONDS, ...options }: RotationOptions = {},
  ): Promise<void> {
    if (gracePeriodSeconds < 1) {
      throw new RangeError(
        'gracePeriodSeconds must be at least 1. Otherwise the token is lost if its new secret cannot be stored.',
      );
    }
    const held = this.current();
    if (this.#unstored?.held !== held) {
      const headers = tokenHeader(held.credentials);
      const self = { method: 'GET', path: '/tokens/self', headers };
      const { version } = (await this.transport.send<UserTokenDto>(self, options)).body;
      const body = { gracePeriodSeconds, version };
      const rotation = { method: 'POST', path: '/tokens/self/rotate', headers, body };
      const { token = '' } = (await this.transport.send<UserTokenDto>(rotation, options)).body;
      this.#unstored = { held, credentials: { ...held.credentials, token } };
    }
    const { credentials } = this.#unstored;
    await store(credentials);
    held.credentials = credentials;
    this.#unstored = undefined;
  }

  /** Returns the header field with the token, for requests that you send yourself. */
  headers(): Record<string, string> {
    return tokenHeader(this.current().credentials);
  }

  /**
   * Sends a request with the token to Latchkey or to one of `apiOrigins`. Returns responses of every status,
   * like `fetch`. By default it follows no redirects, because they would send the token to another server.
   *
   * @throws TypeError for any other origin.
   */
  async fetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const request = new Request(input, { redirect: 'error', ...init });
    if (!this.origins.has(new URL(request.url).origin)) {
      throw new TypeError(`Add ${new URL(request.url).origin} to apiOrigins to send the token there.`);
    }
    for (const [name, value] of Object.entries(this.headers())) {
      request.headers.set(name, value);
    }
    return await (this.sendToApi ?? fetch)(request);
  }

  /** Sends a request to Latchkey with the token. */
  async send<Body>(call: Call, options?: CallOptions): Promise<Answer<Body>> {
    const headers = { ...this.headers(), ...call.headers };
    return await this.sendAnonymously({ ...call, headers }, options);
  }

  /** Sends a request to Latchkey without the token. */
  sendAnonymously<Body>(call: Call, options?: CallOptions): Promise<Answer<Body>> {
    return this.transport.send<Body>(call, options);
  }

  /**
   * Returns the token. Bumps the session in the background if less than half of its idle lifetime is left.
   */
  private current(): Held {
    const held = this.#held;
    if (held === undefined) {
      throw new LatchkeyError({
        code: 'unauthenticated',
        title: 'Not logged in',
        detail: 'The client has no token. Log in first.',
      });
    }
    if (Date.now() >= held.bumpAt) {
      held.bumpAt = Infinity;
      void this.bumpSession(held);
    }
    return held;
  }

  /** Bumps the session and sets the time of the next bump. Never rejects. */
  private async bumpSession(held: Held): Promise<void> {
    const call = {
      method: 'POST',
      path: '/auth/bump',
      headers: tokenHeader(held.credentials),
      isRepeatable: true,
    };
    try {
      const { body, headers } = await this.transport.send<BumpResponseDto>(call);
      const expiry = headers.get('X-Auth-Token-Expires') ?? undefined;
      // At the absolute expiry, further bumps extend nothing.
      const isExtended = expiry !== undefined && expiry !== held.expiry;
      held.bumpAt = isExtended ? halfway(body.lastLoginTime, expiry) : Infinity;
      held.expiry = expiry;
    } catch (error) {
      const { status, retryAfter = 0 } = error as LatchkeyError;
      if (status === 401) {
        this.forget(held);
        return;
      }
      // The token may still be valid. If it is not, the requests themselves fail.
      const pause = Math.min(Math.max(BUMP_PAUSE_MS, retryAfter * 1000), BUMP_PAUSE_MAX_MS);
      held.bumpAt = Date.now() + pause;
    }
  }

  private forget(held: Held): void {
    if (this.#held === held) {
      this.#held = undefined;
    }
  }
}

function byTime(one: string, other: string): number {
  return Date.parse(one) - Date.parse(other);
}

/** Returns the time in the middle of two times of the server, by the client's clock, which may differ. */
function halfway(now: string, expiry: string): number {
  return Date.now() + (Date.parse(expiry) - Date.parse(now)) / 2;
}
