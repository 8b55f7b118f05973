import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import {
  HEADERS,
  PasskeyLoginDto,
  PasskeyRequestOptionsDto,
  SESSION_COOKIE_PREFERENCE,
  UserTokenDto,
} from '@latchkey/auth-models';
import { ApiConflictResponse, ApiHeader, ApiTags, ApiUnauthorizedResponse } from '@nestjs/swagger';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { Limited, Public } from '../../common/request/policy.js';
import { Origin } from '../../common/request/principal.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { WebAuthn } from '../../factors/passkeys/web-authn.service.js';
import { RepresentedAs } from '../../http/negotiation/route-representation.js';
import { ThrottleService } from '../../throttle/throttle.service.js';
import { SessionsService } from '../../tokens/issue/sessions.service.js';
import { TOKEN_AS_TEXT } from '../../tokens/model/token.mapper.js';
import { setSessionCookie, wantsSessionCookie } from '../guards/session-cookie.guard.js';
import { PasskeyAuthentication } from './passkey-authentication.service.js';

/** Public routes for logins with a passkey, without a name and a password. */
@Controller('auth/login/passkey')
@ApiTags('auth')
export class PasskeyLoginController {
  constructor(
    private readonly webAuthn: WebAuthn,
    private readonly authentication: PasskeyAuthentication,
    private readonly sessions: SessionsService,
    private readonly throttle: ThrottleService,
  ) {}

  /**
   * Returns options for a proof with a passkey (WebAuthn), for a login or a step-up. They are valid for five
   * minutes. Browsers read them with `PublicKeyCredential.parseRequestOptionsFromJSON()`.
   */
  @Post('options')
  @HttpCode(200)
  @Public()
  @Limited()
  @ApiConflictResponse({ description: 'The server is not configured for passkeys.' })
  async createPasskeyLoginOptions(
    @Origin() { address, agent }: RequestOrigin,
  ): Promise<PasskeyRequestOptionsDto> {
    await this.throttle.checkAddress(address, agent);
    return this.webAuthn.requestOptions();
  }

  /**
   * Logs in with a passkey and returns a token for further requests. No code is needed: the user has the
   * device, and knows its PIN or has the fingerprint.
   */
  @Post()
  @HttpCode(200)
  @Public()
  @Limited()
  @ApiHeader({
    name: HEADERS.prefer,
    required: false,
    description: `\`${SESSION_COOKIE_PREFERENCE}\` sets the session cookie of the console as well (RFC 7240). Other preferences are ignored.`,
    schema: { type: 'string', example: SESSION_COOKIE_PREFERENCE },
  })
  @ApiUnauthorizedResponse({ description: 'The passkey is unknown or not valid.' })
  @ApiConflictResponse({ description: 'The challenge has expired or was used before.' })
  @RepresentedAs({ alsoAs: [TOKEN_AS_TEXT] })
  async logInWithPasskey(
    @Body() { credential, ...dto }: PasskeyLoginDto,
    @Origin() origin: RequestOrigin,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserTokenDto> {
    const actor = await this.authentication.authenticate(credential, origin);
    const session = await this.sessions.begin(dto, actor);
    if (wantsSessionCookie(request)) {
      setSessionCookie(reply, session);
    }
    return session;
  }
}
