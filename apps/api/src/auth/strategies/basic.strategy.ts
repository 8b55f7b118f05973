import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { requestOrigin } from '../../common/request/request-origin.js';
import { rateLimitHeaders } from '../../throttle/rate-limit-headers.js';
import { ThrottleService } from '../../throttle/throttle.service.js';
import { BasicAuthentication } from '../login/basic-authentication.js';
import { basicHint } from '../credentials/credential-hints.js';
import { LoginCounter } from '../login/login-counter.js';
import { parseBasic } from '../credentials/basic-credentials.js';

/** Passport's name of the strategy. */
export const BASIC = 'latchkey-basic';

/** Authenticates by `Authorization: Basic` (RFC 7617), and tells what is left of the limits. */
@Injectable()
export class BasicStrategy extends PassportStrategy(Strategy, BASIC) {
  constructor(
    private readonly authentication: BasicAuthentication,
    private readonly throttle: ThrottleService,
    private readonly logins: LoginCounter,
  ) {
    super({ passOptionsToCallback: true });
  }

  async validate(request: FastifyRequest, { reply }: { reply: FastifyReply }): Promise<Principal> {
    const origin = requestOrigin(request);
    const credentials = parseBasic(request.headers.authorization);
    try {
      if (!credentials) {
        const detail = basicHint(request.headers.authorization);
        throw new ApplicationError('unauthenticated', { detail });
      }
      return await this.logins.count(this.authentication.authenticate(credentials, origin));
    } finally {
      const name = credentials ? (credentials.name ?? credentials.givenName) : undefined;
      reply.headers(rateLimitHeaders(this.throttle.limits(origin.address, name)));
    }
  }
}
