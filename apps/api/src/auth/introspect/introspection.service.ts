import { Injectable } from '@nestjs/common';
import { apiOf, type IntrospectionRequestDto, type IntrospectionResponseDto } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { TokenLookUp } from '../../identity/tokens/cache/token-look-up.js';
import { parseTokenText } from '../credentials/token-credentials.js';
import { TokenAuthentication } from '../verify/token-authentication.js';

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
    { token: text, api }: IntrospectionRequestDto,
    caller: Principal,
  ): Promise<IntrospectionResponseDto> {
    const owner = await this.ownerOf(text, caller);
    const creationTime = owner?.token && (await this.tokens.findCreationTime(owner.token.id));
    if (!owner?.token || creationTime === undefined || creationTime === null) {
      return INACTIVE;
    }
    const { endTime } = owner.token;
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
      token_type: 'XAuthToken',
    };
  }

  private async ownerOf(text: string, caller: Principal): Promise<Principal | null> {
    const credentials = parseTokenText(text);
    if (!credentials) {
      return null;
    }
    const origin = { ...caller.origin, agent: `introspected by ${caller.name}` };
    try {
      return await this.authentication.authenticate(credentials, origin);
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
  return code === 'unauthenticated' || code === 'user_disabled' || code.startsWith('token_');
}

function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000);
}
