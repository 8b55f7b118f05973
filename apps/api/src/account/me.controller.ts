import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { MeDto, PageDto, TokenListQueryDto, UserTokenDto } from '@latchkey/auth-models';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { RequirePermissions } from '../common/policy.js';
import { CurrentPrincipal, type Principal } from '../common/principal.js';
import { ApiPage } from '../representation/api-page.js';
import { ApiToken } from '../representation/api-token.js';
import { sendPage } from '../representation/send-page.js';
import { AccountService } from './account.service.js';

/** One's own account. No role is needed. */
@Controller('me')
@ApiTags('me')
@ApiToken()
@RequirePermissions()
export class MeController {
  constructor(private readonly account: AccountService) {}

  /** The caller's own account, with what the presented token may do. */
  @Get()
  async me(
    @CurrentPrincipal() actor: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MeDto> {
    const me = await this.account.profile(actor);
    reply.header('etag', `"${me.version}"`);
    return me;
  }

  /** The caller's own live tokens, newest first. */
  @Get('tokens')
  @ApiPage(UserTokenDto)
  async tokens(
    @Query() query: TokenListQueryDto,
    @CurrentPrincipal() actor: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageDto<UserTokenDto>> {
    const { items, total, slice } = await this.account.tokens(query, actor);
    return sendPage(items, total, slice, request, reply);
  }
}
