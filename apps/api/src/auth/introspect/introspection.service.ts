import { Injectable } from '@nestjs/common';
import {
  apiOf,
  type ErrorCode,
  type IntrospectionRequestDto,
  type IntrospectionResponseDto,
} from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { canonicalAddress } from '../../common/request/request-origin.js';
import { TokenLookUp } from '../../identity/tokens/cache/token-look-up.js';
import { parseTokenText } from '../credentials/token-credentials.js';
import { TokenAuthentication } from '../verify/token-authentication.js';

/** Codes of rejected tokens that do not begin with `token_`. */
const REJECTIONS: ReadonlySet<ErrorCode> = new Set([
  'unauthenticated',
  'user_disabled',
  'address_not_allowed',
  'rate_limited',
]);

const INACTIVE: IntrospectionResponseDto = { active: false };

/** Token introspection for services (RFC 7662). */
@Injectable()
export class IntrospectionService {
  constructor(
    private readonly authentication: TokenAuthentication,
    private readonly tokens: TokenLookUp,
  ) {}

  /** Returns the user and permissions of a token. Records a use of the token, with the caller as the user agent. */
  async introspect(
    { token: text, api, address }: IntrospectionRequestDto,
    caller: Principal,
  ): Promise<IntrospectionResponseDto> {
    const owner = await this.ownerOf(text, address, caller);
    const start = owner?.token && (await this.tokens.findStart(owner.token.id));
    if (!owner?.token || !start) {
      return INACTIVE;
    }
    const { endTime, guardRails } = owner.token;
    const permissions = [...owner.permissions].filter((name) => api === undefined || apiOf(name) === api);
    return {
      active: true,
      username: owner.name,
      sub: owner.id,
      jti: owner.token.id,
      scope: permissions.join(' '),
      aud: [...new Set(permissions.map(apiOf))].sort(),
      roles: [...owner.roles],
      iat: toSeconds(start.creationTime),
      ...(endTime !== null && { exp: toSeconds(endTime) }),
      ...(start.notBefore !== null && { nbf: toSeconds(start.notBefore) }),
      ...(guardRails?.metadata && { metadata: guardRails.metadata }),
      token_type: 'XAuthToken',
    };
  }

  private async ownerOf(
    text: string,
    clientAddress: string | undefined,
    caller: Principal,
  ): Promise<Principal | null> {
    const credentials = parseTokenText(text);
    if (!credentials) {
      return null;
    }
    // The caller is the service, so its address is not that of the client.
    const certainAddress = clientAddress && canonicalAddress(clientAddress);
    const origin = {
      ...caller.origin,
      ...(certainAddress && { address: certainAddress }),
      agent: `introspected by ${caller.name}`,
    };
    try {
      return await this.authentication.authenticate(credentials, origin, {
        certainAddress,
        isTrustedProxy: false,
      });
    } catch (error) {
      // The reason is for the holder of the token, not for the calling service.
      if (error instanceof ApplicationError && isRejection(error)) {
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
