import { Body, Controller, Get, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import {
  BumpResponseDto,
  HEADERS,
  LoginDto,
  LogoutResponseDto,
  SESSION_COOKIE_PREFERENCE,
  UserTokenDto,
} from '@latchkey/auth-models';
import { ApiBasicAuth, ApiCookieAuth, ApiHeader, ApiTags } from '@nestjs/swagger';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { toRfc3339 } from '../../common/clock.service.js';
import { FIELDS } from '../../common/request/header-fields.js';
import {
  AllowEnrolment,
  AllowSuperseded,
  Limited,
  RequireOwnAccount,
  RequirePermissions,
  Uncounted,
} from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal, setExpiryHeader } from '../../common/request/principal.js';
import { type VersionCondition } from '../../common/request/version-condition.js';
import { ApiCode } from '../../factors/code-header.js';
import { ApiToken } from '../../http/openapi/api-decorators.js';
import { TakesEffect } from '../../http/effective-by.service.js';
import { ApiIfMatch, IfMatch } from '../../http/negotiation/if-match.js';
import { RepresentedAs } from '../../http/negotiation/route-representation.js';
import { RevocationsService } from '../../tokens/revoke/revocations.service.js';
import { SessionsService } from '../../tokens/issue/sessions.service.js';
import { TOKEN_AS_TEXT } from '../../tokens/model/token.mapper.js';
import { BasicAuthGuard } from '../guards/basic-auth.guard.js';
import {
  SessionCookieGuard,
  sessionSecretOf,
  setSessionCookie,
  wantsSessionCookie,
} from '../guards/session-cookie.guard.js';

/** Login, bump, logout, and the session of the console. */
@Controller('auth')
@ApiTags('auth')
export class AuthController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly revocations: RevocationsService,
  ) {}

  /**
   * Logs in with name and password and returns a token for further requests. Users with a second factor also
   * send a code: without one, or with a wrong one, the response is 401 `second_factor_required`.
   */
  @Post('login')
  @AllowEnrolment()
  @HttpCode(200)
  @UseGuards(BasicAuthGuard)
  @RequirePermissions()
  @ApiBasicAuth('basic')
  @ApiCode()
  @ApiHeader({
    name: HEADERS.prefer,
    required: false,
    description: `\`${SESSION_COOKIE_PREFERENCE}\` sets the session cookie of the console as well (RFC 7240). Other preferences are ignored.`,
    schema: { type: 'string', example: SESSION_COOKIE_PREFERENCE },
  })
  @Limited()
  @RepresentedAs({ alsoAs: [TOKEN_AS_TEXT] })
  async logIn(
    @Body() dto: LoginDto,
    @CurrentPrincipal() actor: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserTokenDto> {
    const session = await this.sessions.begin(dto, actor);
    if (wantsSessionCookie(request)) {
      setSessionCookie(reply, session);
    }
    return session;
  }

  /**
   * Sets the user's last login time and extends the idle expiry of the session. `X-Auth-Token-Expires` has
   * the new expiry. Returns 403 for a superseded secret.
   */
  @Post('bump')
  @AllowEnrolment()
  @HttpCode(200)
  @Uncounted()
  @RequireOwnAccount()
  @ApiToken()
  @ApiIfMatch({ required: false, of: 'the presented token' })
  async bumpSession(
    @IfMatch() condition: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BumpResponseDto> {
    const { lastLoginTime, expirationTime } = await this.sessions.bump(actor, condition);
    setExpiryHeader(reply, expirationTime);
    return { lastLoginTime: toRfc3339(lastLoginTime) };
  }

  /** Revokes the presented token immediately. */
  @Post('logout')
  @AllowEnrolment()
  @TakesEffect({ isInBody: false })
  @HttpCode(200)
  @Uncounted()
  @AllowSuperseded()
  @RequireOwnAccount()
  @ApiToken()
  @ApiHeader({
    name: HEADERS.xRequestedWith,
    required: false,
    description: 'With any value the browser clears its cache and storage for this server.',
    schema: { type: 'string', example: 'XMLHttpRequest' },
  })
  @ApiIfMatch({ required: false, of: 'the presented token' })
  async logOut(
    @IfMatch() condition: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LogoutResponseDto> {
    if (request.headers[FIELDS.xRequestedWith] !== undefined) {
      // For the console. Cookies stay: clearing them would sign the user out of other services on the host.
      reply.header(FIELDS.clearSiteData, '"cache", "storage"');
    }
    await this.revocations.logOut(actor, condition);
    return { success: true };
  }

  /** Returns the session of the console after a reload, by the session cookie. */
  @Get('session')
  @AllowEnrolment()
  @UseGuards(SessionCookieGuard)
  @RequirePermissions()
  @ApiCookieAuth('session-cookie')
  @ApiHeader({
    name: HEADERS.secFetchSite,
    required: true,
    description: 'Browsers set it themselves. The cookie works for pages of this server only.',
    schema: { type: 'string', enum: ['same-origin'] },
  })
  resumeSession(@CurrentPrincipal() actor: Principal, @Req() request: FastifyRequest): Promise<UserTokenDto> {
    return this.sessions.resume(sessionSecretOf(request) ?? '', actor);
  }
}
