import { Injectable } from '@nestjs/common';
import {
  apiOf,
  INACTIVE_REASONS,
  type IntrospectionRequestDto,
  type IntrospectionResponseDto,
} from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.service.js';
import { type PresentedToken, type Principal } from '../../common/request/principal.js';
import { canonicalAddress } from '../../common/request/request-origin.js';
import { VerifiedTokens } from '../../tokens/cache/verified-tokens.service.js';
import { Config } from '../../platform/config/config.js';
import { Rejections } from '../explanations/rejections.service.js';
import { parseTokenText } from '../credentials/token-credentials.js';
import { TokenAuthentication } from '../verify/token-authentication.service.js';

/**
 * Longer than this server's own cache, because verifiers learn of each change from the feed, and asking again
 * costs them a request.
 */
const REMEMBER_MAX_SECONDS = 60;

/** Token introspection for services (RFC 7662). */
@Injectable()
export class IntrospectionService {
  constructor(
    private readonly authentication: TokenAuthentication,
    private readonly verified: VerifiedTokens,
    private readonly rejections: Rejections,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * Returns the user and permissions of a token, or the reason why it is not valid if the caller requests it.
   * Records a use of the token, by default with the caller as the user agent.
   */
  async introspect(
    { token: text, api, explain, ...request }: IntrospectionRequestDto,
    caller: Principal,
  ): Promise<IntrospectionResponseDto> {
    const owner = await this.ownerOf(text, request, caller);
    if (owner instanceof ApplicationError) {
      // RFC 7662, section 2.2: a service that does not ask learns nothing about an inactive token.
      return { active: false, ...(explain === 'true' && explanationOf(owner, caller)) };
    }
    const token = owner.token as PresentedToken;
    const { creationTime = 0, notBefore = null, expirationTime, expiryHeader, useLimits, session } = token;
    const permissions = [...owner.permissions].filter((name) => api === undefined || apiOf(name) === api);
    return {
      active: true,
      username: owner.name,
      sub: owner.id,
      jti: token.id,
      scope: permissions.join(' '),
      aud: [...new Set(permissions.map(apiOf))].sort(),
      roles: [...owner.roles],
      iat: toSeconds(creationTime),
      ...(expirationTime !== null && { exp: toSeconds(expirationTime) }),
      ...(expiryHeader !== null && { expiration_time: expiryHeader }),
      ...(token.isSuperseded && { superseded: true }),
      ...(notBefore !== null && { nbf: toSeconds(notBefore) }),
      ...(session && { auth_time: toSeconds(session.authTime), amr: [...session.authMethods] }),
      ...(useLimits?.metadata && { metadata: useLimits.metadata }),
      remember_for: this.rememberFor(token),
      bound_to_address: useLimits?.networks !== undefined,
      // A token is accepted as `Authorization: Bearer` (RFC 6750).
      token_type: 'Bearer',
      client_id: owner.name,
    };
  }

  /** Seconds for which a verifier with the feed may answer from memory. */
  private rememberFor({ expirationTime, isSuperseded, useLimits }: PresentedToken): number {
    if (isSuperseded || useLimits?.hasMaxUses || useLimits?.rateLimit) {
      return 0;
    }
    if (this.config.tokenCacheSeconds === 0) {
      return 0;
    }
    const untilEnd =
      expirationTime === null ? Infinity : Math.floor((expirationTime - this.clock.now()) / 1_000);
    return Math.max(Math.min(REMEMBER_MAX_SECONDS, untilEnd), 0);
  }

  /** Returns the user of a token, or the rejection of the token, which explanations show. */
  private async ownerOf(
    text: string,
    { address, agent, method, route }: Omit<IntrospectionRequestDto, 'token'>,
    caller: Principal,
  ): Promise<Principal | ApplicationError> {
    const credentials = parseTokenText(text);
    // The caller is the service, so its address is not that of the client.
    const certainAddress = address && canonicalAddress(address);
    const client = { address: certainAddress ?? 'unknown', agent };
    // A caller that describes the request of its client names everything that it knows of the client.
    const isDescribed = [agent, method, route].some((member) => member !== undefined);
    const request = isDescribed ? { method, route } : { method: 'POST', route: '/auth/introspect' };
    const origin = {
      ...caller.origin,
      ...(isDescribed
        ? client
        : {
            ...(certainAddress && { address: certainAddress }),
            agent: `introspected by ${caller.name}`,
          }),
      ...(certainAddress && { reporter: { id: caller.id, name: caller.name } }),
      service: caller.name,
    };
    try {
      if (!credentials) {
        throw new ApplicationError('unauthenticated', { rejectionCause: 'malformed_credentials' });
      }
      const source = { certainAddress, isTrustedProxy: false };
      // The verifier may cache the answer. If another replica has already sent it the event of a revocation,
      // an older cache here would undo that revocation, so the database is read.
      if (!this.verified.isExact) {
        return usable(await this.authentication.authenticate(credentials, origin, source));
      }
      // No header value contains a line feed, so no header has the same key in the cache.
      const presented = `\n\n${text}`;
      return usable(
        this.authentication.fromCache(presented, origin, source) ??
          (await this.authentication.authenticate(credentials, origin, source, { presented })),
      );
    } catch (error) {
      if (error instanceof ApplicationError && INACTIVE_REASONS.includes(error.code)) {
        const rejected = { ...origin, ...client };
        this.rejections.noteIntrospection(error, credentials?.secret, rejected, caller.name, request);
        return error;
      }
      throw error;
    }
  }
}

/**
 * Returns the user of a token that services may accept.
 *
 * @throws ApplicationError `enrolment_required` for a session that can only add a second factor.
 */
function usable(owner: Principal): Principal {
  if (owner.token?.session?.needsSecondFactor) {
    throw new ApplicationError('enrolment_required', {
      matched: { userId: owner.id, userName: owner.name, tokenId: owner.token.id },
    });
  }
  return owner;
}

/** Returns the reason of a rejection. A canary is rejected like an unknown token. */
function explanationOf(
  { code, options }: ApplicationError,
  { origin }: Principal,
): Partial<IntrospectionResponseDto> {
  const { retryAfterSeconds } = options;
  return {
    reason: code,
    request_id: origin.traceId,
    ...(retryAfterSeconds !== undefined && { retry_after: retryAfterSeconds }),
  };
}

function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000);
}
