import { type Readable } from 'node:stream';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { PageDto, TokenListQueryDto, UserTokenDto } from '@latchkey/auth-models';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { RequirePermissions } from '../../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../../common/request/principal.js';
import { ApiPage, ApiToken } from '../../../http/openapi/api-decorators.js';
import { sendList } from '../../../http/lists/send-list.js';
import { TokenListService } from './token-list.service.js';
import { visibilityOf } from '../access/token-access.js';

/** List of all tokens. */
@Controller('tokens')
@ApiTags('tokens')
@ApiToken()
export class TokenListController {
  constructor(private readonly list: TokenListService) {}

  /** Lists tokens, newest first: with `tokens:read` those of all users, otherwise those of the caller. */
  @Get()
  @ApiPage(UserTokenDto)
  @RequirePermissions()
  listTokens(
    @Query() query: TokenListQueryDto,
    @CurrentPrincipal() actor: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageDto<UserTokenDto> | Readable> {
    return sendList(query, this.list.find(query, visibilityOf(actor)), request, reply);
  }
}
