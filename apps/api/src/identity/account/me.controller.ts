import { Body, Controller, Get, HttpCode, Patch, Put, Res } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import { ChangePasswordDto, MeDto, UpdateMeDto } from '@latchkey/auth-models';
import { type FastifyReply } from 'fastify';
import { Limited, RequirePermissions } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { type VersionCondition } from '../../common/request/version-condition.js';
import { ApiToken } from '../../http/openapi/decorators/api-token.js';
import { ApiIfMatch, demandVersion, entityTag, IfMatch } from '../../http/negotiation/if-match.js';
import { rateLimitHeaders } from '../../throttle/rate-limit-headers.js';
import { ThrottleService } from '../../throttle/throttle.service.js';
import { AccountService } from './account.service.js';
import { MyPasswordService } from './my-password.service.js';

/** One's own account. No role is needed. */
@Controller('me')
@ApiTags('me')
@ApiToken()
@RequirePermissions()
export class MeController {
  constructor(
    private readonly account: AccountService,
    private readonly password: MyPasswordService,
    private readonly throttle: ThrottleService,
  ) {}

  /** The caller's own account, with what the presented token may do. */
  @Get()
  async get(
    @CurrentPrincipal() actor: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MeDto> {
    const me = await this.account.profile(actor);
    reply.header('etag', entityTag(me));
    return me;
  }

  /**
   * Changes the caller's own display name and e-mail address. A patch that changes nothing leaves the version as it is. A
   * token that is limited to some permissions needs `users:write`.
   */
  @Patch()
  @ApiIfMatch({ required: true })
  async update(
    @Body() patch: UpdateMeDto,
    @IfMatch() ifMatch: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MeDto> {
    const me = await this.account.update(patch, demandVersion(ifMatch, patch.version), actor);
    reply.header('etag', entityTag(me));
    return me;
  }

  /**
   * Changes the caller's own password, and ends all their tokens but the presented one. A wrong current password counts
   * like a failed log-in. A token that is limited to some permissions needs `tokens:write`.
   */
  @Put('password')
  @HttpCode(204)
  @ApiConflictResponse({ description: 'The password was changed, or the tokens were ended, meanwhile.' })
  @Limited()
  @ApiIfMatch({ required: false, of: '`GET /me`' })
  async changePassword(
    @Body() change: ChangePasswordDto,
    @IfMatch() condition: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    try {
      await this.password.change(change, actor, condition);
    } finally {
      reply.headers(rateLimitHeaders(this.throttle.limits(actor.origin.address, actor.name)));
    }
  }
}
