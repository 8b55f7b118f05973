import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type AuthMethod, metadataHeader } from '@latchkey/auth-models';
import {
  type Principal as Verified,
  reportRejection,
  requireScope,
  VerificationError,
  type Verifier,
} from '@latchkey/client/verifier';
import { type FastifyRequest } from 'fastify';
import { ApplicationError } from '../common/application-error.js';
import { Clock } from '../common/clock.service.js';
import { type PresentedToken, type Principal, principalOf } from '../common/request/principal.js';
import { requestOrigin, type RequestOrigin } from '../common/request/request-origin.js';
import { demandsOf, hasProof } from '../auth/verify/demands.js';
import { type RejectionLog } from '../http/problems/api-exception.filter.js';
import { Metrics } from '../platform/metrics/metrics.service.js';
import { type FoundToken, type TokenAuthentication } from '../auth/verify/token-authentication.service.js';
import { type Holder } from '../tokens/cache/verified-tokens.service.js';
import { type LastUses } from '../tokens/usage/last-uses.service.js';

/** Injection token of the {@link Verifier}. */
export const VERIFIER = Symbol('VERIFIER');

/** Header fields and address of a request. */
type Client = Pick<FastifyRequest, 'certainAddress' | 'headers'>;

/**
 * Tokens of the server, verified by the verifier of the client library. Takes the place of the services that
 * `GET /auth/verify` uses on the server, so that the same route, fast path and error responses serve both.
 */
@Injectable()
export class RemoteTokens
  implements
    Pick<TokenAuthentication, 'findSync' | 'recordUseOf'>,
    Pick<LastUses, 'noteDemands'>,
    RejectionLog,
    OnApplicationShutdown
{
  private readonly results = { cache: 0, server: 0, rejected: 0 };
  private readonly holders = new WeakMap<Verified, Holder>();
  private readonly verified = new WeakMap<PresentedToken, Verified>();

  constructor(
    @Inject(VERIFIER) private readonly verifier: Verifier,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    metrics.counts(
      'latchkey_verifications_total',
      'Token verifications by result: accepted from the cache or by the server, or rejected.',
      'result',
      () => this.results,
    );
    metrics.gauge('latchkey_tokens_cached', 'Verified tokens in the cache.', () => verifier.status().entries);
    metrics.gauge(
      'latchkey_notifications_working',
      '1 if the revocation feed proves that the cache is up to date, otherwise 0.',
      () => Number(verifier.status().fresh),
    );
    metrics.gauge(
      'latchkey_verifier_token_expiry_timestamp_seconds',
      'Expiry of the token with which this verifier calls the server; +Inf if it has none, or is not yet known.',
      () => {
        const { tokenExpirationTime } = verifier.status();
        return tokenExpirationTime === undefined ? Infinity : Date.parse(tokenExpirationTime) / 1_000;
      },
    );
  }

  /** Finds a token in memory. Does not record a use: call {@link recordUseOf}. */
  findSync(_presented: string, client: Client): FoundToken | undefined {
    const verified = this.verifier.fromMemory(client.headers, {
      get address() {
        return client.certainAddress;
      },
    });
    return verified && { holder: this.holderOf(verified) };
  }

  /** Records the use of a token that {@link findSync} returned. */
  recordUseOf(
    { holder: { token } }: FoundToken,
    _presented: string,
    { address, agent }: RequestOrigin,
  ): void {
    this.results.cache += 1;
    const verified = this.verified.get(token);
    if (verified) {
      this.verifier.countUse(verified, { address: address === 'unknown' ? undefined : address, agent });
    }
  }

  /**
   * Verifies the token of a request, and records its use.
   *
   * @throws ApplicationError with the code of the server, or `unavailable` if the server cannot be asked.
   */
  async authenticate(request: FastifyRequest): Promise<Principal> {
    const origin = requestOrigin(request);
    const found = this.findSync('', request);
    if (found && !this.lacksProof(request, found.holder)) {
      this.recordUseOf(found, '', origin);
      return { ...found.holder, origin, scheme: 'token' };
    }
    try {
      const verified = await this.verifier.authenticate(
        request.headers,
        this.describe(request),
        (user) => !this.lacksProof(request, this.holderOf(user)),
      );
      this.results.server += 1;
      return { ...this.holderOf(verified), origin, scheme: 'token' };
    } catch (error) {
      throw error instanceof VerificationError ? this.rejected(error) : error;
    }
  }

  /** Reports the permissions that a request required of its token. */
  noteDemands(token: PresentedToken, permissions: readonly string[]): void {
    const verified = this.verified.get(token);
    if (verified) {
      requireScope(verified, permissions, [], NOBODY);
    }
  }

  /** Reports a rejection for its explanation, unless the verifier or the server knows of it. */
  note(request: FastifyRequest, { code, options }: ApplicationError): void {
    const { missingPermissions = [], missingRoles = [], rejectionCause } = options;
    if (code === 'ambiguous_credentials' && !(options.cause instanceof VerificationError)) {
      const error = new VerificationError(code, { status: 400 });
      this.verifier.rejection(error, request.headers, this.describe(request));
    }
    const token = principalOf(request)?.token;
    const verified = token && this.verified.get(token);
    const isOwn = code === 'insufficient_scope' || code === 'step_up_required';
    if (verified && (isOwn || rejectionCause === 'invalid_query')) {
      const error = new VerificationError(isOwn ? code : 'forbidden', {
        status: 403,
        ...(options.detail !== undefined && { detail: options.detail }),
        missingPermissions,
        missingRoles,
      });
      reportRejection(verified, error, this.describe(request));
    }
  }

  /** Reports the last uses. */
  async onApplicationShutdown(): Promise<void> {
    await this.verifier.close();
  }

  private rejected(error: VerificationError): ApplicationError {
    const { code, status, retryAfter } = error;
    if (status < 500) {
      this.results.rejected += 1;
    }
    return new ApplicationError(code, {
      cause: error,
      ...(retryAfter !== undefined && { retryAfterSeconds: retryAfter }),
    });
  }

  /** Whether the session of a user lacks the proof that a request demands. API tokens never get one. */
  private lacksProof({ query }: FastifyRequest, { token }: Holder): boolean {
    try {
      return token.session !== undefined && !hasProof(demandsOf(query as object), token, this.clock);
    } catch {
      // The route rejects the query.
      return false;
    }
  }

  private describe(request: FastifyRequest) {
    const { method, routeOptions, certainAddress: address } = request;
    const { agent, traceId } = requestOrigin(request);
    return { address, agent, method, route: routeOptions.url, traceId };
  }

  /** Returns a user of the verifier as the route reads it. The same user returns the same object. */
  private holderOf(verified: Verified): Holder {
    let holder = this.holders.get(verified);
    if (!holder) {
      const { id, name, tokenId, roles, permissions, metadata, expirationTime, superseded } = verified;
      const { authTime, authMethods = [] } = verified;
      const token: PresentedToken = {
        id: tokenId,
        expirationTime: expirationTime === undefined ? null : Date.parse(expirationTime),
        expiryHeader: expirationTime ?? null,
        isSuperseded: superseded === true,
        scope: null,
        ...(metadata && {
          useLimits: { hasMaxUses: false, metadata, metadataHeader: metadataHeader(metadata) },
        }),
        ...(authTime !== undefined && {
          session: {
            authTime: Date.parse(authTime),
            authMethods: authMethods as AuthMethod[],
            // The server rejects the other sessions.
            needsSecondFactor: false,
          },
        }),
      };
      holder = { id, name, roles, permissions: new Set(permissions), token, supersededDigest: undefined };
      this.holders.set(verified, holder);
      this.verified.set(token, verified);
    }
    return holder;
  }
}

/** Origin of a request that is not rejected. */
const NOBODY = {
  address: undefined,
  agent: undefined,
  method: undefined,
  route: undefined,
  traceId: undefined,
};
