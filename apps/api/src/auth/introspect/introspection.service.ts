import { Injectable } from '@nestjs/common';
import {
  apiOf,
  type ErrorCode,
  type IntrospectionRequestDto,
  type IntrospectionResponseDto,
} from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.js';
import { type PresentedToken, type Principal } from '../../common/request/principal.js';
import { canonicalAddress } from '../../common/request/request-origin.js';
import { VerifiedTokens } from '../../tokens/cache/verified-tokens.js';
import { Config } from '../../platform/config/config.js';
import { Rejections } from '../explanations/rejections.js';
import { parseTokenText } from '../credentials/token-credentials.js';
import { TokenAuthentication } from '../verify/token-authentication.js';

/** Codes of rejected tokens that do not begin with `token_`. */
const REJECTIONS: ReadonlySet<ErrorCode> = new Set([
  'unauthenticated',
  'user_disabled',
  'address_not_allowed',
  'rate_limited',
]);

/** Longer than this server's own cache, because verifiers learn of each change from the feed, and a look-up costs them a request. */
const REMEMBER_MAX_SECONDS = 60;

const INACTIVE: IntrospectionResponseDto = { active: false };

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
   * Returns the user and permissions of a token. Records a use of the token, by default with the caller as
   * the user agent.
   */
  async introspect(
    { token: text, api, ...request }: IntrospectionRequestDto,
    caller: Principal,
  ): Promise<IntrospectionResponseDto> {
    const owner = await this.ownerOf(text, request, caller);
    if (!owner?.token) {
      return INACTIVE;
    }
    const { creationTime = 0, notBefore = null, endTime, guardRails } = owner.token;
    const permissions = [...owner.permissions].filter((name) => api === undefined || apiOf(name) === api);
    return {
      active: true,
      username: owner.name,
      sub: owner.id,
      jti: owner.token.id,
      scope: permissions.join(' '),
      aud: [...new Set(permissions.map(apiOf))].sort(),
      roles: [...owner.roles],
      iat: toSeconds(creationTime),
      ...(endTime !== null && { exp: toSeconds(endTime) }),
      ...(notBefore !== null && { nbf: toSeconds(notBefore) }),
      ...(guardRails?.metadata && { metadata: guardRails.metadata }),
      remember_for: this.rememberFor(owner.token),
      bound_to_address: guardRails?.networks !== undefined,
      token_type: 'XAuthToken',
    };
  }

  /** Seconds for which a verifier with the feed may answer from memory. */
  private rememberFor({ endTime, isSuperseded, guardRails }: PresentedToken): number {
    if (isSuperseded || guardRails?.hasMaxUses || guardRails?.rateLimit) {
      return 0;
    }
    if (this.config.tokenCacheSeconds === 0) {
      return 0;
    }
    const untilEnd = endTime === null ? Infinity : Math.floor((endTime - this.clock.now()) / 1_000);
    return Math.max(Math.min(REMEMBER_MAX_SECONDS, untilEnd), 0);
  }

  private async ownerOf(
    text: string,
    { address, agent, method, route }: Omit<IntrospectionRequestDto, 'token'>,
    caller: Principal,
  ): Promise<Principal | null> {
    const credentials = parseTokenText(text);
    if (!credentials) {
      return null;
    }
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
      const source = { certainAddress, isTrustedProxy: false };
      // The verifier may cache the answer. If another replica has already sent it the event of a revocation, an older cache here would
      // undo that revocation, so the database is read.
      if (!this.verified.isExact) {
        return await this.authentication.authenticate(credentials, origin, source);
      }
      // No header value contains a line feed, so no header has the same key in the cache.
      const presented = `\n\n${text}`;
      return (
        this.authentication.fromCache(presented, origin, source) ??
        (await this.authentication.authenticate(credentials, origin, source, { presented }))
      );
    } catch (error) {
      // The reason is for the holder of the token, not for the calling service.
      if (error instanceof ApplicationError && isRejection(error)) {
        const rejected = { ...origin, ...client };
        this.rejections.noteIntrospection(error, credentials.secret, rejected, caller.name, request);
        return null;
      }
      throw error;
    }
  }
}

function isRejection({ code }: ApplicationError): boolean {
  return REJECTIONS.has(code) || code.startsWith('token_');
}

function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000);
}
