import { Injectable } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { type Histogram } from 'prom-client';
import { ApplicationError } from '../../common/application-error.js';
import {
  type AuthenticationScheme,
  type PresentedUseLimits,
  type Principal,
} from '../../common/request/principal.js';
import { type Client, type RequestOrigin } from '../../common/request/request-origin.js';
import { digestOf } from '../../platform/crypto/secrets.js';
import { containsAddress } from '../../tokens/model/use-limits.js';
import { LastUses } from '../../tokens/usage/last-uses.service.js';
import { TokenLimits } from '../../tokens/usage/token-limits.service.js';
import { type Generation, type Holder, VerifiedTokens } from '../../tokens/cache/verified-tokens.service.js';
import { Metrics } from '../../platform/metrics/metrics.service.js';
import { type TokenCredentials } from '../credentials/token-credentials.js';
import { StoredTokens } from './stored-tokens.service.js';

/** Buckets of the duration of reads, in seconds. */
const BUCKETS = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1];

/** Address of a client, and the header fields with its token. */
type DirectClient = Pick<FastifyRequest, 'certainAddress' | 'headers'>;

/** Valid token. If it was not cached, `reading` describes the database read. */
export interface FoundToken {
  readonly holder: Holder;
  readonly reading?: { readonly generation: Generation; readonly seconds: number };
}

/** Verifies tokens by digest: from the cache, or from the database. */
@Injectable()
export class TokenAuthentication {
  /** Results for the metrics. Plain numbers, as every request increments one. */
  private readonly results = { cache: 0, database: 0, rejected: 0 };
  private readonly readDurations: Histogram;

  constructor(
    private readonly stored: StoredTokens,
    private readonly verified: VerifiedTokens,
    private readonly lastUses: LastUses,
    private readonly limits: TokenLimits,
    metrics: Metrics,
  ) {
    metrics.counts(
      'latchkey_verifications_total',
      'Token verifications by result: accepted from the cache or the database, or rejected.',
      'result',
      () => this.results,
    );
    this.readDurations = metrics.histogram(
      'latchkey_token_lookup_duration_seconds',
      'Duration of reads of tokens from the database.',
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
    if (!holder || !this.passesFromCache(holder, origin, client)) {
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
      !found?.holder.token.session?.needsSecondFactor &&
      (!useLimits || (!useLimits.hasMaxUses && !useLimits.rateLimit && allowsAddress(useLimits, client)));
    return isUsable ? found : undefined;
  }

  /** Records the use of a token that {@link findSync} returned for the same text, and caches the token. */
  recordUseOf({ holder, reading }: FoundToken, presented: string, origin: RequestOrigin): void {
    if (reading) {
      this.verified.store(digestOf(presented), holder, reading.generation);
      this.readDurations.observe(reading.seconds);
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
      holder = await this.timedRead(credentials, origin);
      const { id, useLimits } = holder.token;
      if (presented !== undefined && !useLimits?.hasMaxUses) {
        this.verified.store(digestOf(presented), holder, generation);
      }
      if (useLimits) {
        this.checkAddress(holder, origin, client);
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
    const holder = cached ?? (await this.stored.get(credentials, origin, { mayBeUsedUp: true }));
    this.checkAddress(holder, origin, client);
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
      this.checkAddress(holder, origin, client);
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
  private checkAddress(holder: Holder, origin: RequestOrigin, client: Client): void {
    if (allowsAddress(holder.token.useLimits, client)) {
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

  private async timedRead(credentials: TokenCredentials, origin: RequestOrigin): Promise<Holder> {
    const start = performance.now();
    try {
      return await this.stored.get(credentials, origin);
    } finally {
      this.readDurations.observe((performance.now() - start) / 1_000);
    }
  }

  /** Reads a valid token by its current secret synchronously. Only on SQLite. */
  private readSync({ headers }: DirectClient): FoundToken | undefined {
    const { generation } = this.verified;
    const start = performance.now();
    const holder = this.stored.findSync(headers);
    return holder && { holder, reading: { generation, seconds: (performance.now() - start) / 1_000 } };
  }
}

/** Whether a token can be used from the address of a client. */
function allowsAddress(
  useLimits: PresentedUseLimits | undefined,
  { certainAddress: address }: Pick<Client, 'certainAddress'>,
): boolean {
  const networks = useLimits?.networks;
  return !networks || (address !== undefined && containsAddress(networks, address));
}

function principalFrom(holder: Holder, origin: RequestOrigin, scheme: AuthenticationScheme): Principal {
  const { id, name, roles, permissions, token } = holder;
  return { id, name, roles, permissions, token, scheme, origin };
}

/** Returns advice for a proxy that does not name its client, or for a sender that may be a proxy. */
function adviceOnProxy(address: string, { isTrustedProxy }: Client): string {
  return isTrustedProxy
    ? `${address} is a trusted proxy, but sent no valid X-Forwarded-For. Configure it to send the client's address.`
    : `The request came from ${address}. If this is a proxy, add it to LATCHKEY_TRUSTED_PROXIES, and configure it to send X-Forwarded-For.`;
}
