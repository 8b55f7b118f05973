import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { type FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { requestOrigin } from '../../common/request/request-origin.js';
import { isTokenSecret } from '../../platform/crypto/secrets.js';
import { sessionSecretOf } from './session-cookie.js';
import { TokenAuthentication } from '../token/token-authentication.js';

/** Passport's name of the strategy. */
export const SESSION_COOKIE = 'latchkey-session-cookie';

/** Authenticates by the console's session cookie, for pages of the console's own origin alone. */
@Injectable()
export class SessionCookieStrategy extends PassportStrategy(Strategy, SESSION_COOKIE) {
  constructor(private readonly authentication: TokenAuthentication) {
    super();
  }

  async validate(request: FastifyRequest): Promise<Principal> {
    if (request.headers['sec-fetch-site'] !== 'same-origin') {
      throw new ApplicationError('same_origin_required');
    }
    const secret = sessionSecretOf(request);
    if (secret === undefined || !isTokenSecret(secret)) {
      throw new ApplicationError('unauthenticated');
    }
    return this.authentication.authenticate({ secret }, requestOrigin(request), {
      scheme: 'session-cookie',
    });
  }
}
