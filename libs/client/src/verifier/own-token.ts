import type { MeDto, UserTokenDto } from '@latchkey/auth-models';
import { type Clock } from './clock.js';
import { pairIn } from './credentials.js';
import { abortable } from './latchkey-server.js';
import { warning } from './outage.js';
import { TokenFile } from './token-file.js';

/** Source of the token of a service. */
export interface TokenSource {
  /**
   * Token with the permission `tokens:introspect`, or the value of `X-Auth-Token`, or a function that returns
   * either.
   */
  token?: string | (() => string | Promise<string>);
  /**
   * File with such a token instead. The verifier renews the token well before it expires, and stores the new
   * one in the file.
   */
  tokenFile?: string;
  /** Stores a renewed token where the function in `token` reads it. Without it, the token is not renewed. */
  storeToken?: (token: string) => void | Promise<void>;
}

/** Sends a request with a token, and returns the JSON of the response. */
type Send = (method: 'GET' | 'POST', path: string, token: string, body?: object) => Promise<unknown>;

const SECOND = 1_000;
const DAY = 86_400 * SECOND;
/** Time before the expiry from which a token that was not renewed is reported, once a day. */
const WARNING_PERIOD = 14 * DAY;
/** Part of the lifetime that is left when a token is renewed. */
const RENEWAL_SHARE = 1 / 3;
/** Time for which the old secret works, so that processes with a copy of it can be given the new one. */
const GRACE_PERIOD_SECONDS = 7 * 86_400;
const RETRY_MAX = 3_600 * SECOND;
/** Pause while another process renews the token. */
const BUSY_PAUSE = 5 * SECOND;

/** New secret that could not be stored yet. */
interface Unstored {
  readonly current: string;
  readonly token: string;
}

/** Token of the service itself, which is renewed before it expires. */
export class OwnToken {
  readonly #source: TokenSource;
  #unstored: Unstored | undefined;
  private readonly file: TokenFile | undefined;
  private expiry: number | undefined;
  /** Time from which the lifetime is counted if that is in no file, or in the future there. */
  private seenAt: number | undefined;
  private isSuperseded = false;
  private isClosed = false;
  private warnedAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;
  private checking: Promise<void> | undefined;

  constructor(
    source: TokenSource,
    private readonly send: Send,
    private readonly clock: Clock,
    private readonly onWarning: (error: unknown) => void,
  ) {
    const { token, tokenFile, storeToken } = source;
    if ((token === undefined) === (tokenFile === undefined)) {
      throw new TypeError('Use either the option "token" or the option "tokenFile".');
    }
    if (token === '' || tokenFile === '') {
      throw new TypeError(
        'The option "token" or "tokenFile" is empty. Use a token with the permission tokens:introspect.',
      );
    }
    if (storeToken && typeof token !== 'function') {
      throw new TypeError('The option "storeToken" needs a function in "token", which reads what it stores.');
    }
    this.#source = source;
    this.file = tokenFile === undefined ? undefined : new TokenFile(tokenFile);
  }

  /** Expiry in RFC 3339; `undefined` before the first response, and if it has none. */
  get expirationTime(): string | undefined {
    return this.expiry === undefined ? undefined : new Date(this.expiry).toISOString();
  }

  async read(): Promise<string> {
    const stored = await this.stored();
    return this.#unstored?.current === stored ? this.#unstored.token : stored;
  }

  /** Records the expiry in a response of the server. */
  observe(headers: Headers): void {
    const expiry = Date.parse(headers.get('x-auth-token-expires') ?? '');
    const isSuperseded = headers.get('x-auth-token-superseded') === 'true';
    if (!Number.isNaN(expiry) && (expiry !== this.expiry || isSuperseded !== this.isSuperseded)) {
      this.expiry = expiry;
      this.isSuperseded = isSuperseded;
      this.seenAt ??= this.clock.wall();
      void this.check();
    }
  }

  /** Renews the token if it is time, and determines the time of the next check. Never rejects. */
  check(): Promise<void> {
    this.checking ??= this.checkOnce().finally(() => {
      this.checking = undefined;
    });
    return this.checking;
  }

  /** Completes a renewal that has begun, until the signal aborts. */
  async close(signal: AbortSignal): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await abortable(this.checking ?? Promise.resolve(), signal).catch(() => undefined);
  }

  private stored(): Promise<string> {
    const { token } = this.#source;
    return this.file ? this.file.read() : Promise.resolve(typeof token === 'function' ? token() : token!);
  }

  private async checkOnce(): Promise<void> {
    let pause: number;
    try {
      const left = (await this.dueAt()) - this.clock.wall();
      if (left > 0) {
        pause = Math.min(left, DAY);
      } else {
        pause = (await this.renew()) ? SECOND : BUSY_PAUSE;
      }
    } catch (error) {
      this.warn(error);
      pause = Math.min(RETRY_MAX, Math.max(SECOND, this.timeLeft() / 10));
    }
    clearTimeout(this.timer);
    if (!this.isClosed) {
      this.timer = setTimeout(() => void this.check(), pause).unref();
    }
  }

  private timeLeft(): number {
    return (this.expiry ?? Infinity) - this.clock.wall();
  }

  /** Returns the time of the renewal, or of the first warning for a token that cannot be stored. */
  private async dueAt(): Promise<number> {
    const expiry = this.expiry ?? Infinity;
    if (this.isSuperseded || this.#unstored) {
      return -Infinity;
    }
    if (!this.file && !this.#source.storeToken) {
      return expiry - WARNING_PERIOD;
    }
    const writtenAt = (await this.file?.storedAt()) ?? Infinity;
    // A file from a machine whose clock is ahead would otherwise never be due.
    const storedAt = writtenAt <= this.clock.wall() ? writtenAt : this.seenAt!;
    return expiry - (expiry - storedAt) * RENEWAL_SHARE;
  }

  /** Renews the token. Returns false while another process does. @throws Error with the reason. */
  private async renew(): Promise<boolean> {
    const { storeToken } = this.#source;
    if (this.file) {
      const isMine = await this.file.replace((current) => this.renewed(current));
      if (isMine) {
        this.#unstored = undefined;
        this.seenAt = this.clock.wall();
      }
      return isMine;
    }
    if (!storeToken) {
      throw new Error('It is in the option "token". Replace it, or use the option "tokenFile".');
    }
    const token = await this.renewed(await this.stored());
    if (token !== undefined) {
      await storeToken(token);
      this.#unstored = undefined;
      this.seenAt = this.clock.wall();
    }
    return true;
  }

  /** Returns the token that replaces the current one; `undefined` if it was renewed meanwhile. */
  private async renewed(current: string): Promise<string | undefined> {
    if (this.#unstored?.current === current) {
      return this.#unstored.token;
    }
    const { permissions, token: own } = (await this.send('GET', 'me', current)) as MeDto;
    this.isSuperseded = own?.isSuperseded === true;
    this.expiry = own?.expirationTime === undefined ? undefined : Date.parse(own.expirationTime);
    if (this.isSuperseded) {
      throw new Error(
        'It was rotated, and the new one is not stored here. Store that one, or another token.',
      );
    }
    if ((await this.dueAt()) > this.clock.wall()) {
      return undefined;
    }
    if (permissions.join() !== 'tokens:introspect') {
      throw new Error('It has other permissions than tokens:introspect. Use a token without them.');
    }
    const { version } = (await this.send('GET', 'tokens/self', current)) as UserTokenDto;
    const rotation = { gracePeriodSeconds: GRACE_PERIOD_SECONDS, version };
    const rotated = (await this.send('POST', 'tokens/self/rotate', current, rotation)) as UserTokenDto;
    const token = inFormOf(current, rotated.token!);
    this.#unstored = { current, token };
    this.expiry = Date.parse(rotated.expirationTime!);
    return token;
  }

  /** Reports that the token was not renewed, if it expires soon, or if its secret may be lost. */
  private warn(reason: unknown): void {
    const now = this.clock.wall();
    const isUrgent = this.timeLeft() <= WARNING_PERIOD || this.isSuperseded || this.#unstored !== undefined;
    if (isUrgent && now - this.warnedAt >= DAY) {
      this.warnedAt = now;
      const expiry = this.isSuperseded ? 'within a week' : `on ${this.expirationTime}`;
      this.onWarning(
        warning(`The token of this verifier stops working ${expiry}, and was not renewed`, reason),
      );
    }
  }
}

/** Returns a token, with the name of the user if the other one has it. */
function inFormOf(other: string, token: string): string {
  const pair = pairIn(other);
  return pair === undefined
    ? token
    : Buffer.from(`${pair.slice(0, pair.indexOf(':'))}:${token}`).toString('base64');
}
