import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { type FastifyRequest } from 'fastify';
import { principalOf } from '../../common/principal.js';
import { SESSION_COOKIE } from '../strategies/session-cookie.strategy.js';

/** Asks for the console's session cookie. Only `GET /auth/session` uses it. */
@Injectable()
export class SessionCookieGuard extends AuthGuard(SESSION_COOKIE) {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const principal = principalOf(context.switchToHttp().getRequest<FastifyRequest>());
    return principal?.scheme === 'session-cookie' || ((await super.canActivate(context)) as boolean);
  }
}
