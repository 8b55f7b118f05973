import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { type Clock, SYSTEM_CLOCK } from './clock.js';
import {
  digestOfToken,
  introspectable,
  type Presented,
  presentedIn,
  type RequestHeaders,
} from './credentials.js';
import { Feed, type VerifierIdentity } from './feed.js';
import { type ActiveIntrospection } from './introspection.js';
import { abortable, type CertainOrigin, LatchkeyServer, type ServerOptions } from './latchkey-server.js';
import { Lease } from './lease.js';
import { Memory } from './memory.js';
import { OwnToken, type TokenSource } from './own-token.js';
import { checkProofDemands, demandsProof, hasProof, type ProofDemands } from './proof.js';
import { type LatestUse, type Report, type ReportedCause, Reports } from './reports.js';
import { Turnstile } from './turnstile.js';
import {
  inactiveToken,
  insufficientScope,
  offerBasic,
  stepUpRequired,
  unavailable,
  VerificationError,
} from './verification-error.js';

/** User of a verified token. */
export interface Principal {
  /** Id of the user, which is never reused. */
  readonly id: string;
  /** Canonical name of the user. */
  readonly name: string;
  /** Id of the token. */
  readonly tokenId: string;
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  /** Metadata of the token. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Expiry of the token; `undefined` if it never expires. A bump can extend a session. */
  readonly expirationTime?: string;
  /** Whether a rotation has replaced the secret, which is still accepted in its grace period. */
  readonly superseded?: boolean;
  /** Time of the last login or step-up of a session; `undefined` for API tokens. */
  readonly authTime?: string;
  /** Methods that proved who the user of a session is, such as `otp`; `undefined` for API tokens. */
  readonly authMethods?: readonly string[];
}

/** Options of a verifier. */
export interface VerifierOptions extends TokenSource, Partial<Pick<ServerOptions, 'timeout' | 'fetch'>> {
  url: ServerOptions['url'];
  /** URL at which the clients of the service reach Latchkey. Errors link to its explanations, as `type`. */
  publicUrl?: string;
  /** Name of the service, which administrators see. By default the name of the machine. */
  name?: string;
  /** Version of the service, which administrators see. */
  version?: string;
  cache?: {
    /** Milliseconds for which the verifier may answer from memory after the last proof, from 500 to 2,000. */
    freshFor?: number;
    /** Maximum number of cached answers. */
    entries?: number;
  };
  /** Maximum number of simultaneous requests to the server. */
  concurrency?: number;
  /** Whether to accept `Authorization: Basic` with a token as the password. By default, Basic is rejected. */
  acceptBasic?: boolean;
  /**
   * Called with an error when something needs an operator's attention. Each outage is reported when it begins
   * and when it ends, however many attempts fail. By default, writes to the console.
   */
  onWarning?: (error: unknown) => void;
}

/** Requirements and origin of a request. */
export interface VerifyOptions extends ProofDemands {
  /** Permissions that the token must have. */
  readonly permissions?: readonly string[];
  /** Roles that the token must have. */
  readonly roles?: readonly string[];
  /** IP address of the client. Tokens that are limited to addresses are rejected without it. */
  readonly address?: string;
  /** `User-Agent` of the client, which the usage of the token shows. */
  readonly agent?: string;
  /** HTTP method of the request, which the explanation of a rejection shows. */
  readonly method?: string;
  /** Route of the request, such as `/orders/:id`, which the explanation of a rejection shows. */
  readonly route?: string;
  /**
   * Id of the request, of 1 to 64 letters, digits and `._:+=/-`. The server explains a rejection by it. By
   * default a new id.
   */
  readonly traceId?: string;
  readonly signal?: AbortSignal;
}

/** State of a verifier, for health pages. */
export interface VerifierStatus {
  /** Whether the revocation feed is connected. */
  readonly connected: boolean;
  /** Whether the memory may answer. */
  readonly fresh: boolean;
  /** Number of cached answers. */
  readonly entries: number;
  /** Requests answered from memory. */
  readonly local: number;
  /** Requests to the server. */
  readonly asked: number;
  /** Milliseconds that the last heartbeat took at most; `undefined` before the first. */
  readonly lag: number | undefined;
  /** Expiry of the own token, RFC 3339; `undefined` if it has none, or the server has not responded yet. */
  readonly tokenExpirationTime: string | undefined;
}

/** Cached answer. */
interface Answer extends LatestUse {
  readonly principal: Principal;
  readonly permissions: ReadonlySet<string>;
}

/** Answer of the server to one request. */
interface Flight {
  readonly answer: Answer;
  /** Whether the answer also holds for requests that arrived before it was requested. */
  readonly isShareable: boolean;
}

/** Whether a session meets the demands of a request. */
type Suffices = (user: Principal) => boolean;

const always: Suffices = () => true;

const LOOK_UPS_MAX = 3;
const WAITING_PER_SLOT = 16;
const CLOSE_MILLISECONDS = 5_000;
/**
 * Maximum age of the data from which a verifier answers. A revocation is in effect everywhere this long after
 * its commit.
 */
const LEASE = 2_000;
const NAME_MAX_LENGTH = 64;
const NAME = /^(?=.*\S)[^\p{Cc}\u2028\u2029]{1,64}$/u;
const VERSION = /^[^\p{Cc}\u2028\u2029]{0,32}$/u;
const OPTIONS = new Set([
  ...['permissions', 'roles', 'fresh', 'methods'],
  ...['address', 'agent', 'method', 'route', 'traceId', 'signal'],
]);
const TRACE_ID = /^[A-Za-z0-9._:+=/-]{1,64}$/;
const NO_DEMANDS: readonly string[] = [];
/** Verifier and answer of a returned principal, whose permissions may be checked later. */
const sources = new WeakMap<Principal, { reports: Reports; answer: Answer }>();

/** Client of a request. */
export interface Origin {
  readonly address: string | undefined;
  readonly agent: string | undefined;
  readonly method: string | undefined;
  readonly route: string | undefined;
  readonly traceId: string | undefined;
}

/**
 * Verifies tokens: from memory while the revocation feed proves that it is up to date, and otherwise by
 * asking the server.
 */
export class Verifier {
  /** Option `publicUrl`. */
  readonly publicUrl: string | undefined;
  private readonly acceptBasic: boolean;
  private readonly identity: VerifierIdentity;
  private readonly ownToken: OwnToken;
  private readonly server: LatchkeyServer;
  private readonly lease: Lease;
  private readonly memory: Memory<Answer>;
  private readonly reports: Reports;
  private readonly turnstile: Turnstile;
  private readonly feed: Feed;
  private readonly flights = new Map<string, Promise<Flight>>();
  private closed: Promise<void> | undefined;

  constructor(
    options: VerifierOptions,
    private readonly clock: Clock = SYSTEM_CLOCK,
  ) {
    const { url, name = hostname().slice(0, NAME_MAX_LENGTH), version } = options;
    const { timeout = 2_000, concurrency = 64 } = options;
    const { freshFor = LEASE, entries = 10_000 } = options.cache ?? {};
    requireInteger('cache.freshFor', freshFor, 500, LEASE);
    requireInteger('cache.entries', entries, 0, 10_000_000);
    requireInteger('concurrency', concurrency, 1, 10_000);
    requireInteger('timeout', timeout, 1, 60_000);
    if (!NAME.test(name) || (version !== undefined && !VERSION.test(version))) {
      throw new RangeError(
        'name must have 1 to 64 characters, and version at most 32, without control characters.',
      );
    }
    const onWarning = safely(options.onWarning ?? warn);

    if (options.publicUrl !== undefined && !URL.canParse(options.publicUrl)) {
      throw new TypeError('The option "publicUrl" is not a URL. Use a URL such as https://auth.example.org.');
    }
    this.publicUrl = options.publicUrl;
    this.acceptBasic = options.acceptBasic === true;
    this.identity = { id: randomUUID(), name, version, freshFor };
    this.ownToken = new OwnToken(
      options,
      (method, path, token, body) => this.server.sendWith(token, method, path, body),
      clock,
      onWarning,
    );
    this.server = new LatchkeyServer({
      url,
      token: () => this.ownToken.read(),
      timeout,
      fetch: options.fetch ?? fetch,
      onResponse: (headers) => this.ownToken.observe(headers),
    });
    this.lease = new Lease(freshFor, clock);
    this.memory = new Memory(entries, timeout + 1_000, clock);
    this.turnstile = new Turnstile(concurrency, concurrency * WAITING_PER_SLOT, timeout);
    this.reports = new Reports(clock, (report) => this.report(report), onWarning);
    this.feed = new Feed(this.identity, this.server, this.memory, this.lease, clock, {
      onHello: ({ reportEvery }) => this.reports.start(reportEvery),
      onWarning,
    });
  }

  /**
   * Verifies the credentials of a request.
   *
   * @param credentials header fields of the request with lower-case names, or a token, or the value of
   *   `X-Auth-Token`.
   * @throws VerificationError with the status for the client: 400, 401, 403 or 429 if the credentials are
   *   rejected, and 503 if they cannot be verified.
   */
  async verify(credentials: string | RequestHeaders, options: VerifyOptions = {}): Promise<Principal> {
    const { permissions = NO_DEMANDS, roles = NO_DEMANDS, agent, method, route, traceId, signal } = options;
    for (const option in options) {
      if (!OPTIONS.has(option)) {
        // A misspelt requirement would accept every token.
        throw new TypeError(`verify has no option "${option}".`);
      }
      if ((option === 'permissions' || option === 'roles') && !Array.isArray(options[option])) {
        // So would a misspelt constant.
        throw new TypeError(
          `The option "${option}" of verify is not an array. Omit it if nothing is required.`,
        );
      }
    }
    checkProofDemands(options);
    signal?.throwIfAborted();
    const origin = { address: canonicalAddress(options.address), agent, method, route, traceId };
    const suffices = demandsProof(options)
      ? (user: Principal) => hasProof(user, options, this.clock.wall())
      : always;
    let answer: Answer | undefined;
    try {
      answer = await this.find(credentials, origin, suffices, signal);
      checkScope(answer.principal, answer.permissions, permissions, roles);
      if (!suffices(answer.principal)) {
        throw stepUpRequired(answer.principal, options);
      }
      this.reports.demand(answer, permissions);
      return answer.principal;
    } catch (error) {
      throw error instanceof VerificationError ? this.rejection(error, credentials, origin, answer) : error;
    }
  }

  /**
   * Returns the user of credentials, for a caller that checks its demands itself.
   *
   * @param suffices whether a session from memory meets them. Otherwise the verifier asks the server, because
   *   a step-up may be newer than the memory.
   * @throws VerificationError like {@link verify}.
   */
  async authenticate(
    credentials: string | RequestHeaders,
    origin: Origin,
    suffices: (user: Principal) => boolean,
  ): Promise<Principal> {
    const client = { ...origin, address: canonicalAddress(origin.address) };
    try {
      return (await this.find(credentials, client, suffices)).principal;
    } catch (error) {
      throw error instanceof VerificationError ? this.rejection(error, credentials, client) : error;
    }
  }

  /**
   * Returns the user of credentials that the memory answers for, without waiting; `undefined` if only
   * {@link verify} can decide. Does not count a use: call {@link countUse}.
   *
   * @param client the address is only read for tokens that are limited to addresses.
   */
  fromMemory(credentials: string | RequestHeaders, client: Pick<Origin, 'address'>): Principal | undefined {
    try {
      return this.cached(presentedIn(credentials, this.acceptBasic).digest, client)?.principal;
    } catch {
      // `verify` rejects them.
      return undefined;
    }
  }

  /** Counts a use of a user that {@link fromMemory} returned. */
  countUse(principal: Principal, { address, agent }: Pick<Origin, 'address' | 'agent'>): void {
    const source = sources.get(principal);
    source?.reports.count(source.answer, address, agent);
  }

  /** Returns the rejection of a request for the client and reports it unless the server knows of it. */
  rejection(
    error: VerificationError,
    credentials: string | RequestHeaders,
    origin: Origin,
    answer?: Answer,
  ): VerificationError {
    const rejection = reported(error, this.reports, origin, answer);
    return this.acceptBasic && rejection.status === 401 && !isFromScript(credentials)
      ? offerBasic(rejection)
      : rejection;
  }

  status(): VerifierStatus {
    return {
      connected: this.feed.isConnected,
      fresh: this.lease.isFresh(),
      entries: this.memory.size,
      ...this.reports.totals,
      lag: this.lease.lag,
      tokenExpirationTime: this.ownToken.expirationTime,
    };
  }

  /**
   * Reports the last uses, for at most five seconds, and closes the connection. Then every verification fails
   * with 503.
   */
  close(): Promise<void> {
    this.closed ??= this.end(AbortSignal.timeout(CLOSE_MILLISECONDS));
    return this.closed;
  }

  private async end(signal: AbortSignal): Promise<void> {
    await this.reports.close(signal);
    await Promise.all([this.feed.close(), this.ownToken.close(signal)]);
  }

  /** Returns the answer for credentials: from memory, if it suffices, or from the server. */
  private async find(
    credentials: string | RequestHeaders,
    origin: Origin,
    suffices: Suffices,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const presented = presentedIn(credentials, this.acceptBasic);
    return (
      this.recall(presented.digest, origin, suffices) ??
      (await abortable(this.lookUp(presented, origin, suffices), signal))
    );
  }

  /**
   * Returns a cached answer and counts the use; `undefined` if there is none, the memory may be out of date,
   * or the session does not suffice.
   */
  private recall(digest: string, origin: Origin, suffices: Suffices): Answer | undefined {
    const answer = this.cached(digest, origin);
    if (!answer || !isFinal(answer, suffices)) {
      return undefined;
    }
    this.reports.count(answer, origin.address, origin.agent);
    return answer;
  }

  private cached(digest: string, client: Pick<Origin, 'address'>): Answer | undefined {
    const now = this.clock.monotonic();
    if (!this.lease.isFresh(now) || !this.reports.hasRoom || this.closed) {
      return undefined;
    }
    return this.memory.find(digest, now) ?? this.memory.find(`${digest}${client.address ?? ''}`, now);
  }

  /** Asks the server. Simultaneous requests with the same credentials share what holds for all of them. */
  private async lookUp(presented: Presented, origin: Origin, suffices: Suffices): Promise<Answer> {
    const { address, agent } = origin;
    const key = `${presented.digest}${address ?? ''}`;
    // The first flight began before this request arrived, so only memory proves that its answer still holds.
    let hasWaited = false;
    for (let flight = this.flights.get(key); flight; flight = this.flights.get(key)) {
      const answer = await flight.then(sharedAnswer, unlessRejected);
      const cached = this.recall(presented.digest, origin, suffices);
      if (cached) {
        return cached;
      }
      if (!answer || !isFinal(answer, suffices) || !this.reports.hasRoom || this.closed) {
        return (await this.ask(presented, origin)).answer;
      }
      if (hasWaited) {
        this.reports.count(answer, address, agent);
        return answer;
      }
      hasWaited = true;
    }
    const flight = this.ask(presented, origin);
    this.flights.set(key, flight);
    try {
      return (await flight).answer;
    } finally {
      this.flights.delete(key);
    }
  }

  private async ask(presented: Presented, { traceId: given, ...client }: Origin): Promise<Flight> {
    const traceId = requestId(given);
    const token = introspectable(presented);
    if (this.closed) {
      throw unavailable(new Error('The verifier is closed.'));
    }
    return this.turnstile.run(async () => {
      try {
        return await this.askUntilCertain(presented, token, { ...client, traceId });
      } catch (error) {
        throw error instanceof VerificationError ? error : unavailable(error);
      }
    });
  }

  private async askUntilCertain(presented: Presented, token: string, origin: CertainOrigin): Promise<Flight> {
    const { address, traceId } = origin;
    for (let lookUp = 0; lookUp < LOOK_UPS_MAX; lookUp += 1) {
      const startedAt = this.clock.monotonic();
      this.reports.countAsked();
      const introspection = await this.server.introspect(token, origin, this.identity.id);
      if (!introspection.active) {
        throw inactiveToken(introspection).withTraceId(traceId);
      }
      const answer = answerFrom(introspection, digestOfToken(presented));
      const seconds = introspection.remember_for ?? 0;
      const trust = this.memory.trust(answer.principal.id, startedAt);
      // This process may have been paused, or the response took long. Memory proves that an old answer still
      // holds.
      const isOld =
        this.clock.monotonic() - startedAt >= LEASE && !(trust === 'store' && this.lease.isFresh());
      // The request for a limited token has taken a use, so another one could find none left.
      if ((trust === 'repeat' || isOld) && seconds > 0) {
        this.reports.addSurplus(answer, address);
        continue;
      }
      if (isOld) {
        throw unavailable(new Error('The response of the server is too old.'));
      }
      const key = introspection.bound_to_address ? address && presented.digest + address : presented.digest;
      if (trust === 'store' && seconds > 0 && key !== undefined) {
        this.memory.store(key, answer.principal.id, answer, startedAt + seconds * 1_000);
      }
      sources.set(answer.principal, { reports: this.reports, answer });
      return { answer, isShareable: seconds > 0 };
    }
    throw unavailable(new Error('The token was changed during each of several requests.'));
  }

  private async report(report: Report): Promise<void> {
    const sentAt = this.clock.monotonic();
    const { id: verifier, name, version } = this.identity;
    const response = await this.server.post('auth/revocations/reports', {
      verifier,
      name,
      version,
      ...report,
      ...(this.lease.lag !== undefined && { lag: Math.round(this.lease.lag) }),
    });
    const { process, time } = Object(response) as Record<string, unknown>;
    if (typeof process !== 'string' || typeof time !== 'number') {
      throw new TypeError('The response to a report is not from Latchkey.');
    }
    this.feed.calibrate(process, sentAt, time);
  }
}

/** Creates a verifier, which connects to the server in the background. Close it when the service stops. */
export function createVerifier(options: VerifierOptions): Verifier {
  return new Verifier(options);
}

/**
 * Whether a script in a browser sent the request. If Basic were offered, the browser would ask the user for a
 * password.
 */
function isFromScript(credentials: string | RequestHeaders): boolean {
  return (
    typeof credentials !== 'string' &&
    String(credentials['x-requested-with']).toLowerCase() === 'xmlhttprequest'
  );
}

/**
 * Whether an answer that is older than a request decides it. Its session may have been stepped up since. API
 * tokens never become sessions.
 */
function isFinal({ principal }: Answer, suffices: Suffices): boolean {
  return principal.authTime === undefined || suffices(principal);
}

/** Returns the answer of a flight for a request that waited for it, if it holds for this request too. */
function sharedAnswer({ answer, isShareable }: Flight): Answer | undefined {
  return isShareable ? answer : undefined;
}

/**
 * Lets a waiting request ask the server itself if the other one was rejected. The rejection may be older than
 * the waiting request, and the server explains it only by the id of the other one.
 */
function unlessRejected(error: unknown): undefined {
  if (!(error instanceof VerificationError) || error.status >= 500) {
    throw error;
  }
}

function answerFrom(introspection: ActiveIntrospection, digest: string): Answer {
  const { sub, username, jti, scope = '', roles = [], metadata, exp, superseded } = introspection;
  const { auth_time: authTime, amr: authMethods = [] } = introspection;
  // Older servers send only seconds.
  const expirationTime =
    introspection.expiration_time ?? (exp === undefined ? undefined : new Date(exp * 1_000).toISOString());
  const permissions = scope === '' ? [] : scope.split(' ');
  return {
    // Many requests share it.
    principal: deepFreeze({
      id: sub,
      name: username,
      tokenId: jti,
      roles,
      permissions,
      ...(metadata && { metadata }),
      ...(expirationTime !== undefined && { expirationTime }),
      ...(superseded === true && { superseded }),
      ...(authTime !== undefined && { authTime: new Date(authTime * 1_000).toISOString(), authMethods }),
    }),
    permissions: new Set(permissions),
    token: jti,
    digest,
  };
}

/**
 * Checks further permissions and roles of a principal that a verifier has returned.
 *
 * @throws VerificationError `insufficient_scope` unless the token has all permissions and roles.
 */
export function requireScope(
  principal: Principal,
  permissions: readonly string[],
  roles: readonly string[],
  origin: Origin,
): void {
  const source = sources.get(principal);
  try {
    checkScope(principal, source?.answer.permissions ?? new Set(principal.permissions), permissions, roles);
  } catch (error) {
    throw reportRejection(principal, error as VerificationError, origin);
  }
  source?.reports.demand(source.answer, permissions);
}

/** Reports that the service rejects a request of a principal, and returns the rejection with its id. */
export function reportRejection(
  principal: Principal,
  error: VerificationError,
  origin: Origin,
): VerificationError {
  const source = sources.get(principal);
  return source ? reported(error, source.reports, origin, source.answer) : error;
}

/** Causes whose detail says more than their explanation. */
const DETAILED: ReadonlySet<ReportedCause> = new Set(['invalid_query', 'step_up_required']);

/** Returns a rejection with the id of the request and reports it unless the server knows of it. */
function reported(
  error: VerificationError,
  reports: Reports,
  { traceId: given, ...client }: Origin,
  answer: Answer | undefined,
): VerificationError {
  if (error.traceId !== undefined || error.status >= 500) {
    return error;
  }
  const traceId = requestId(given);
  const { missingPermissions, missingRoles, detail } = error;
  const cause = causeOf(error);
  reports.reject({
    traceId,
    cause,
    token: answer?.token,
    digest: answer?.digest,
    ...client,
    detail: DETAILED.has(cause) ? detail : undefined,
    missingPermissions,
    missingRoles,
  });
  return error.withTraceId(traceId);
}

/** Returns the cause of a rejection by the verifier itself. */
function causeOf({ code, challenge }: VerificationError): ReportedCause {
  if (code === 'insufficient_scope') {
    return 'missing_permission';
  }
  if (code === 'ambiguous_credentials' || code === 'step_up_required') {
    return code;
  }
  if (code === 'forbidden') {
    return 'invalid_query';
  }
  return challenge?.includes('error=') ? 'malformed_credentials' : 'no_credentials';
}

/**
 * Returns the id of a request if the server accepts it, otherwise a new one. The server rejects a whole
 * report for another id.
 */
function requestId(given: string | undefined): string {
  return given !== undefined && TRACE_ID.test(given) ? given : randomUUID();
}

function checkScope(
  principal: Principal,
  granted: ReadonlySet<string>,
  permissions: readonly string[],
  roles: readonly string[],
): void {
  const missingPermissions = permissions.filter((permission) => !granted.has(permission));
  const missingRoles = roles.filter((role) => !principal.roles.includes(role));
  if (missingPermissions.length > 0 || missingRoles.length > 0) {
    throw insufficientScope(permissions, missingPermissions, missingRoles);
  }
}

/** IPv4-mapped address, as sockets that accept both families report it. */
const MAPPED_PREFIX = '::ffff:';
/** IPv4-mapped address, as URLs have it. */
const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;
/**
 * Valid address that is surely canonical (RFC 5952): `::` stands for at least two groups, and all other zeros
 * are single and not beside it.
 */
const CANONICAL =
  /^(?!.*(?:\b0::|::0\b|\b0:0\b))(?:0|[1-9a-f][0-9a-f]{0,3})(?:(?:::?(?:0|[1-9a-f][0-9a-f]{0,3})){0,5}(?:::)?|(?::(?:0|[1-9a-f][0-9a-f]{0,3})){7})$/;

/**
 * Returns the canonical form of an address without its zone, and IPv4 for an IPv4-mapped one; `undefined` for
 * anything else.
 */
export function canonicalAddress(address = ''): string | undefined {
  if (address.startsWith(MAPPED_PREFIX)) {
    const mapped = address.slice(MAPPED_PREFIX.length);
    if (isIP(mapped) === 4) {
      return mapped;
    }
  }
  const family = isIP(address);
  if (family !== 6) {
    return family === 4 ? address : undefined;
  }
  if (CANONICAL.test(address)) {
    return address;
  }
  // Parsing as a URL takes several times as long as the verification of a cached token.
  const canonical = new URL(`http://[${address.split('%', 1)[0]}]`).hostname.slice(1, -1);
  const [, ...groups] = MAPPED.exec(canonical) ?? [];
  const bytes = groups.map((group) => parseInt(group, 16)).flatMap((group) => [group >> 8, group & 255]);
  return bytes.length === 4 ? bytes.join('.') : canonical;
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value) as unknown[]) {
    if (typeof member === 'object' && member !== null) {
      deepFreeze(member);
    }
  }
  return Object.freeze(value);
}

function requireInteger(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${name} must be an integer from ${min} to ${max}.`);
  }
}

/** Returns a function that never throws: an exception, or a rejection, would end the feed and the process. */
function safely(onWarning: (error: unknown) => void): (error: unknown) => void {
  return (error) => void new Promise((resolve) => resolve(onWarning(error))).catch(warn);
}

function warn(error: unknown): void {
  console.warn(`Latchkey verifier: ${error instanceof Error ? error.message : String(error)}`);
}
