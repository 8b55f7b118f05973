import { Body, Controller, Delete, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import { CreateSetUpLinkDto, ResetPasswordDto, SetUpLinkDto } from '@latchkey/auth-models';
import { TakesEffect } from '../http/effective-by.service.js';
import { toRfc3339 } from '../common/clock.service.js';
import { RequireFresh, RequirePermissions } from '../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../common/request/principal.js';
import { type VersionCondition } from '../common/request/version-condition.js';
import { ApiToken } from '../http/openapi/api-decorators.js';
import { ApiIfMatch, IfMatch } from '../http/negotiation/if-match.js';
import { SetUpService } from './set-up/set-up.service.js';
import { UserPasswordsService } from './passwords/user-passwords.service.js';
import { ThrottleLiftingService } from './throttle-lifting.service.js';

/** Passwords, set-up links and login delays of users, for administrators. */
@Controller('users/:name')
@ApiTags('users')
@ApiToken()
@RequirePermissions('users:write')
export class UserAccessController {
  constructor(
    private readonly passwords: UserPasswordsService,
    private readonly setUp: SetUpService,
    private readonly throttle: ThrottleLiftingService,
  ) {}

  /**
   * Sets a user's password, revokes all their tokens and invalidates their set-up link. If callers set their
   * own password, this also revokes the presented token; `PUT /me/password` keeps it.
   */
  @Put('password')
  @RequireFresh()
  @TakesEffect()
  @HttpCode(204)
  @ApiIfMatch({ required: false, of: 'the user' })
  resetPassword(
    @Param('name') name: string,
    @Body() { password }: ResetPasswordDto,
    @IfMatch() condition: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<void> {
    return this.passwords.reset(name, password, actor, condition);
  }

  /**
   * Creates a link that lets the user set a password once, within 24 hours. Invalidates an older link. The
   * current password and all tokens stay valid until the link is used. The link is rejected if the user then
   * holds more than the caller does now. With `send`, the server also e-mails the link.
   */
  @Post('set-up-link')
  @RequireFresh()
  @TakesEffect()
  @ApiUnprocessableEntityResponse({
    description: 'A service has no password. Or the server sends no e-mail, or the user has no address.',
  })
  @ApiIfMatch({ required: false, of: 'the user' })
  async makeSetUpLink(
    @Param('name') name: string,
    @Body() dto: CreateSetUpLinkDto,
    @IfMatch() condition: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<SetUpLinkDto> {
    const { expirationTime, ...link } = await this.setUp.issueFor(name, dto, actor, condition);
    return { ...link, expirationTime: toRfc3339(expirationTime) };
  }

  /**
   * Lifts the delay after consecutive failed logins for a name, even if no user has it. The limit of 100
   * wrong passwords per hour still applies. The caller needs the same privileges as for setting the user's
   * password.
   */
  @Delete('throttle')
  @HttpCode(204)
  @ApiIfMatch({ required: false, of: 'the user' })
  async liftThrottle(
    @Param('name') name: string,
    @IfMatch() condition: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<void> {
    await this.throttle.lift(name, actor, condition);
  }
}
