import { Injectable } from '@nestjs/common';
import { type IntrospectionResponseDto } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { TokenLookUp } from '../../identity/tokens/cache/token-look-up.js';
import { parseTokenText } from '../credentials/token-credentials.js';
import { TokenAuthentication } from '../token/token-authentication.js';

const INACTIVE: IntrospectionResponseDto = { active: false };

/** Tells services whose a token is that was presented to them (RFC 7662). */
@Injectable()
export class IntrospectionService {
  constructor(
    private readonly authentication: TokenAuthentication,
    private readonly tokens: TokenLookUp,
  ) {}

  /** Whose a token is. That counts as a use of it, with the asker in the place of the user agent. */
  async introspect(text: string, asker: Principal): Promise<IntrospectionResponseDto> {
    const owner = await this.ownerOf(text, asker);
    const creationTime = owner?.token && (await this.tokens.findCreationTime(owner.token.id));
    if (!owner?.token || creationTime === undefined || creationTime === null) {
      return INACTIVE;
    }
    const { endTime } = owner.token;
    return {
      active: true,
      username: owner.name,
      sub: owner.id,
      jti: owner.token.id,
      scope: [...owner.permissions].join(' '),
      roles: [...owner.roles],
      iat: toSeconds(creationTime),
      ...(endTime !== null && { exp: toSeconds(endTime) }),
      token_type: 'XAuthToken',
    };
  }

  private async ownerOf(text: string, asker: Principal): Promise<Principal | null> {
    const credentials = parseTokenText(text);
    if (!credentials) {
      return null;
    }
    const origin = { ...asker.origin, agent: `introspected by ${asker.name}` };
    try {
      return await this.authentication.authenticate(credentials, origin);
    } catch (error) {
      // Whatever is wrong with the token is for who holds it, not for who asks.
      if (error instanceof ApplicationError && isRefusal(error)) {
        return null;
      }
      throw error;
    }
  }
}

function isRefusal({ code }: ApplicationError): boolean {
  return code === 'unauthenticated' || code === 'user_disabled' || code.startsWith('token_');
}

function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000);
}
