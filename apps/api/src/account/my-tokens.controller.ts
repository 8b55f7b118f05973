import { type Readable } from 'node:stream';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { PageDto, TokenListQueryDto, UserTokenDto } from '@latchkey/auth-models';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { RefuseSuperseded, RequirePermissions } from '../common/policy.js';
import { CurrentPrincipal, type Principal } from '../common/principal.js';
import { ApiPage } from '../representation/api-page.js';
import { ApiToken } from '../representation/api-token.js';
import { sendList } from '../representation/send-list.js';
import { MyTokenListService } from './my-token-list.service.js';

/** One's own tokens. A token is enough, the password is not asked for again; a superseded secret is not. */
@Controller('me/tokens')
@ApiTags('me')
@ApiToken()
@RequirePermissions()
@RefuseSuperseded()
export class MyTokensController {
  constructor(private readonly list: MyTokenListService) {}

  /** The caller's own live tokens, newest first. */
  @Get()
  @ApiPage(UserTokenDto)
  find(
    @Query() query: TokenListQueryDto,
    @CurrentPrincipal() actor: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageDto<UserTokenDto> | Readable> {
    return sendList(query, this.list.find(query, actor), request, reply);
  }
}
