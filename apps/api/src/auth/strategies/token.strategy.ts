import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { type FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { requestOrigin } from '../../common/request/request-origin.js';
import { tokenHint } from '../credentials/credential-hints.js';
import { parseTokenCredentials, presentedText } from '../credentials/token-credentials.js';
import { TokenAuthentication } from '../token/token-authentication.js';

/** Passport's name of the strategy. */
export const TOKEN = 'latchkey-token';

/** Authenticates by `X-Auth-Token`, or its alias `Authorization: Bearer`. */
@Injectable()
export class TokenStrategy extends PassportStrategy(Strategy, TOKEN) {
  constructor(private readonly authentication: TokenAuthentication) {
    super();
  }

  async validate(request: FastifyRequest): Promise<Principal> {
    const credentials = parseTokenCredentials(request.headers);
    if (!credentials) {
      throw new ApplicationError('unauthenticated', { detail: tokenHint(request.headers) });
    }
    return this.authentication.authenticate(credentials, requestOrigin(request), {
      presented: presentedText(request.headers),
    });
  }
}
