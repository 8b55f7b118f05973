import { Injectable } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { type Histogram } from 'prom-client';
import { ApplicationError, type MatchedCredentials } from '../../common/application-error.js';
import { Clock, toRfc3339 } from '../../common/clock.service.js';
import {
  type AuthenticationScheme,
  type PresentedUseLimits,
  type Principal,
} from '../../common/request/principal.js';
import { type Client, type RequestOrigin } from '../../common/request/request-origin.js';
import { digestOf } from '../../platform/crypto/secrets.js';
import { GrantsReader } from '../../permissions/grants.service.js';
import { ExpiredTokens } from '../../tokens/cache/expired-tokens.service.js';
import { containsAddress, toPresented } from '../../tokens/model/use-limits.js';
import { CanaryAlarms } from '../../tokens/usage/canary-alarms.service.js';
import { LastUses } from '../../tokens/usage/last-uses.service.js';
import { TokenLimits } from '../../tokens/usage/token-limits.service.js';
import {
  PresentedTokenReader,
  type PresentedTokenRecord,
} from '../../tokens/cache/presented-token-reader.service.js';
import { expiredSessionDetail, presentedExpiryOf, rejectionReason } from '../../tokens/model/token-state.js';
import { type Generation, type Holder, VerifiedTokens } from '../../tokens/cache/verified-tokens.service.js';
import { Metrics } from '../../platform/metrics/metrics.service.js';
import { parseTokenCredentials, type TokenCredentials } from '../credentials/token-credentials.js';

const GRACE_EXPIRED = 'The grace period of this superseded secret has expired. Use the new secret.';

/** Buckets of the look-up duration, in seconds. */
const BUCKETS = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1];

/** Address of a client, and the header fields with its token. */
type DirectClient = Pick<FastifyRequest, 'certainAddress' | 'headers'>;

/** Valid token. If it was not cached, `reading` describes the database read. */
export interface FoundToken {
  readonly holder: Holder;
  readonly reading?: { readonly generation: Generation; readonly seconds: number };
}

/** Verifies tokens by digest: from the cache, or with one prepared statement. */
@Injectable()
export class TokenAuthentication {
  /** Results for the metrics. Plain numbers, as every request increments one. */
  private readonly results = { cache: 0, database: 0, rejected: 0 };
  private readonly lookUps: Histogram;

  constructor(
    private readonly tokens: PresentedTokenReader,
    private readonly verified: VerifiedTokens,
    private readonly grants: GrantsReader,
    private readonly lastUses: LastUses,
    private readonly limits: TokenLimits,
    private readonly expired: ExpiredTokens,
    private readonly canaries: CanaryAlarms,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    metrics.counts(
      'latchkey_verifications_total',
      'Token verifications by result: accepted from the cache or the database, or rejected.',
      'result',
      () => this.results,
    );
    this.lookUps = metrics.histogram(
      'latchkey_token_lookup_duration_seconds',
      'Duration of token look-ups in the database.',
      [],
      BUCKETS,
    );
  }

  /**
   * Verifies a token from the cache by the presented text and records its use; `undefined` if it is not
   * cached.
   */
  fromCache(presented: string, origin: RequestOrigin, client: Client): Principal | undefined {
    const holder = this.verified.find(digestOf(presented));
    if (!holder || (holder.token.useLimits !== undefined && !this.passesFromCache(holder, origin, client))) {
      return undefined;
    }
    this.results.cache += 1;
    return this.recordUse(holder, origin, 'token');
  }

  /**
   * Finds a valid token synchronously: in the cache and, on SQLite, in the database. Returns `undefined` if
   * it finds none, or if the token does not allow the address of the client or has a limit on its uses. Does
   * not record a use: call {@link recordUseOf}.
   */
  findSync(presented: string, client: DirectClient): FoundToken | undefined {
    const holder = this.verified.find(digestOf(presented));
    const found = holder ? { holder } : this.readSync(client);
    const useLimits = found?.holder.token.useLimits;
    const isUsable =
      !useLimits || (!useLimits.hasMaxUses && !useLimits.rateLimit && allowsAddress(useLimits, client));
    return isUsable ? found : undefined;
  }

  /** Records the use of a token that {@link findSync} returned for the same text, and caches the token. */
  recordUseOf({ holder, reading }: FoundToken, presented: string, origin: RequestOrigin): void {
    if (reading) {
      this.verified.store(digestOf(presented), holder, reading.generation);
      this.lookUps.observe(reading.seconds);
      this.results.database += 1;
    } else {
      this.results.cache += 1;
    }
    this.lastUses.note(holder.token.id, origin, holder.supersededDigest);
  }

  /**
   * Verifies a token and records its use.
   *
   * @param presented the text that the credentials were read from, which is the key in the cache.
   * @throws ApplicationError `unauthenticated`, or a more specific code if the secret is right.
   */
  async authenticate(
    credentials: TokenCredentials,
    origin: RequestOrigin,
    client: Client,
    { scheme = 'token', presented }: { scheme?: AuthenticationScheme; presented?: string } = {},
  ): Promise<Principal> {
    let holder: Holder | undefined;
    try {
      const { generation } = this.verified;
      holder = await this.timedLookUp(credentials, origin);
      const { id, useLimits } = holder.token;
      if (presented !== undefined && !useLimits?.hasMaxUses) {
        this.verified.store(digestOf(presented), holder, generation);
      }
      if (useLimits) {
        this.checkAddress(holder, useLimits, origin, client);
        await this.limits.take(id, useLimits);
      }
      this.results.database += 1;
      return this.recordUse(holder, origin, scheme);
    } catch (error) {
      throw this.rejected(error, holder);
    }
  }

  /**
   * Verifies a token again in the same request, without recording a use. The first verification can have
   * taken the last use. With replicas, it always reads the database.
   *
   * @param presented text from which the credentials were read: the key of the token in the cache.
   * @throws ApplicationError like {@link authenticate}.
   */
  async reauthenticate(
    credentials: TokenCredentials,
    origin: RequestOrigin,
    client: Client,
    presented?: string,
  ): Promise<Principal> {
    const isCached = presented !== undefined && this.verified.isExact;
    const cached = isCached ? this.verified.find(digestOf(presented)) : undefined;
    const holder = cached ?? (await this.lookUp(credentials, origin, { mayBeUsedUp: true }));
    if (holder.token.useLimits) {
      this.checkAddress(holder, holder.token.useLimits, origin, client);
    }
    return principalFrom(holder, origin, 'token');
  }

  /**
   * Whether a cached token can be accepted without the database.
   *
   * @throws ApplicationError `address_not_allowed` or `rate_limited`.
   */
  private passesFromCache(holder: Holder, origin: RequestOrigin, client: Client): boolean {
    const { id, useLimits } = holder.token;
    if (!useLimits) {
      return true;
    }
    try {
      this.checkAddress(holder, useLimits, origin, client);
      return this.limits.takeReserved(id, useLimits);
    } catch (error) {
      throw this.rejected(error, holder);
    }
  }

  /** Counts a rejection and returns it with the token that was found, if any. */
  private rejected(error: unknown, holder: Holder | undefined): unknown {
    if (!(error instanceof ApplicationError)) {
      return error;
    }
    this.results.rejected += 1;
    return holder
      ? new ApplicationError(error.code, {
          ...error.options,
          matched: { userId: holder.id, userName: holder.name, tokenId: holder.token.id },
        })
      : error;
  }

  /** @throws ApplicationError `address_not_allowed`. */
  private checkAddress(
    holder: Holder,
    useLimits: PresentedUseLimits,
    origin: RequestOrigin,
    client: Client,
  ): void {
    if (allowsAddress(useLimits, client)) {
      return;
    }
    const { certainAddress: address } = client;
    throw new ApplicationError('address_not_allowed', {
      rejectionCause: address ? 'address_not_allowed' : 'address_unknown',
      detail: address
        ? `The token cannot be used from ${address}. If this is the address of a proxy, add the proxy to LATCHKEY_TRUSTED_PROXIES.`
        : `The token is limited to certain addresses, and the address of the client is unknown. ${adviceOnProxy(origin.address, client)}`,
      actor: principalFrom(holder, origin, 'token'),
    });
  }

  private recordUse(holder: Holder, origin: RequestOrigin, scheme: AuthenticationScheme): Principal {
    this.lastUses.note(holder.token.id, origin, holder.supersededDigest);
    return principalFrom(holder, origin, scheme);
  }

  private async timedLookUp(credentials: TokenCredentials, origin: RequestOrigin): Promise<Holder> {
    const start = performance.now();
    try {
      return await this.lookUp(credentials, origin);
    } finally {
      this.lookUps.observe((performance.now() - start) / 1_000);
    }
  }

  /** Reads a valid token by its current secret synchronously. Only on SQLite. */
  private readSync({ headers }: DirectClient): FoundToken | undefined {
    const credentials = this.tokens.isSync ? parseTokenCredentials(headers) : null;
    if (!credentials) {
      return undefined;
    }
    const { generation } = this.verified;
    const start = performance.now();
    const digest = digestOf(credentials.secret);
    const token = this.tokens.findSync(digest);
    const isValid =
      token &&
      isNamed(credentials, token.userName) &&
      rejectionReason(token, false, this.clock.now()) === null;
    if (!isValid) {
      return undefined;
    }
    const holder = this.holderOf(token, digest, false);
    return { holder, reading: { generation, seconds: (performance.now() - start) / 1_000 } };
  }

  private async lookUp(
    credentials: TokenCredentials,
    origin: RequestOrigin,
    { mayBeUsedUp = false }: { mayBeUsedUp?: boolean } = {},
  ): Promise<Holder> {
    const digest = digestOf(credentials.secret);
    const current = await this.tokens.findByDigest(digest);
    const token = current ?? (await this.tokens.findBySupersededDigest(digest));
    if (!token) {
      this.canaries.take(digest, origin);
      throw new ApplicationError('unauthenticated', { rejectionCause: 'unknown_secret' });
    }
    if (!isNamed(credentials, token.userName)) {
      throw new ApplicationError('unauthenticated', {
        rejectionCause: 'wrong_user',
        matched: matchedBy(token),
      });
    }
    const isSuperseded = current === null;
    this.rejectInvalid(token, isSuperseded, mayBeUsedUp);
    return this.holderOf(token, digest, isSuperseded);
  }

  private holderOf(token: PresentedTokenRecord, digest: string, isSuperseded: boolean): Holder {
    const { roles, permissions } = this.grants.read(token.grants, token.scope);
    const expirationTime = presentedExpiryOf(token, isSuperseded);
    return {
      id: token.userId,
      name: token.userName,
      roles,
      permissions,
      token: {
        id: token.id,
        digest,
        expirationTime,
        expiryHeader: expirationTime === null ? null : toRfc3339(expirationTime),
        isSuperseded,
        creationTime: token.creationTime,
        notBefore: token.notBefore,
        scope: token.scope,
        ...(token.useLimits !== null && { useLimits: toPresented(token.useLimits) }),
      },
      supersededDigest: isSuperseded ? digest : undefined,
    };
  }

  /** @throws ApplicationError unless the token is valid. */
  private rejectInvalid(token: PresentedTokenRecord, isSuperseded: boolean, mayBeUsedUp: boolean): void {
    const now = this.clock.now();
    const code = rejectionReason(token, isSuperseded, now);
    if (code === null || (code === 'token_used_up' && mayBeUsedUp)) {
      return;
    }
    const matched = matchedBy(token);
    if (code === 'token_not_yet_valid') {
      throw new ApplicationError(code, {
        matched,
        detail: `The token is valid from ${toRfc3339(token.notBefore ?? now)}.`,
      });
    }
    if (code !== 'token_expired') {
      throw new ApplicationError(code, { matched });
    }
    this.expired.record(token, now);
    if (isSuperseded) {
      throw new ApplicationError(code, {
        matched,
        rejectionCause: 'grace_period_over',
        detail: GRACE_EXPIRED,
      });
    }
    const detail = expiredSessionDetail(token);
    throw new ApplicationError(code, {
      matched,
      ...(detail !== undefined && { detail, rejectionCause: 'session_expired' }),
    });
  }
}

/** Whether a token can be used from the address of a client. */
function allowsAddress({ networks }: PresentedUseLimits, client: Pick<Client, 'certainAddress'>): boolean {
  if (!networks) {
    return true;
  }
  const { certainAddress: address } = client;
  return address !== undefined && containsAddress(networks, address);
}

function principalFrom(holder: Holder, origin: RequestOrigin, scheme: AuthenticationScheme): Principal {
  const { id, name, roles, permissions, token } = holder;
  return { id, name, roles, permissions, token, scheme, origin };
}

function matchedBy({ id, userId, userName }: PresentedTokenRecord): MatchedCredentials {
  return { userId, userName, tokenId: id };
}

/** Whether the credentials name this user, or none. */
function isNamed({ name }: TokenCredentials, userName: string): boolean {
  return name === undefined || name === userName;
}

/** Returns advice for a proxy that does not name its client, or for a sender that may be a proxy. */
function adviceOnProxy(address: string, { isTrustedProxy }: Client): string {
  return isTrustedProxy
    ? `${address} is a trusted proxy, but sent no valid X-Forwarded-For. Configure it to send the client's address.`
    : `The request came from ${address}. If this is a proxy, add it to LATCHKEY_TRUSTED_PROXIES, and configure it to send X-Forwarded-For.`;
}
