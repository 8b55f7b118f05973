import { type Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import {
  DecideTokenRequestDto,
  PageDto,
  TokenRequestDto,
  TokenRequestListQueryDto,
} from '@latchkey/auth-models';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { RequirePermissions } from '../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../common/request/principal.js';
import { sendList } from '../http/lists/send-list.js';
import { ApiPage, ApiToken } from '../http/openapi/api-decorators.js';
import { TokenRequestListService } from './token-request-list.service.js';
import { TokenRequestsService } from './token-requests.service.js';

/** Token requests of users. */
@Controller('token-requests')
@ApiTags('token-requests')
@ApiToken()
export class TokenRequestsController {
  constructor(
    private readonly list: TokenRequestListService,
    private readonly requests: TokenRequestsService,
  ) {}

  /** Lists token requests, newest first. */
  @Get()
  @ApiPage(TokenRequestDto)
  @RequirePermissions('tokens:read')
  find(
    @Query() query: TokenRequestListQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageDto<TokenRequestDto> | Readable> {
    return sendList(query, this.list.find(query), request, reply);
  }

  /**
   * Approves a pending request of another user. The caller must be able to create such a token for the user. The user can then
   * claim the token within 24 hours. The caller never sees its secret.
   */
  @Post(':id/approve')
  @HttpCode(200)
  @ApiConflictResponse({
    description: 'The request is not pending, or the user does not hold what it names.',
  })
  @RequirePermissions('tokens:write')
  approve(
    @Param('id') id: string,
    @Body() dto: DecideTokenRequestDto,
    @CurrentPrincipal() actor: Principal,
  ): Promise<TokenRequestDto> {
    return this.requests.approve(id, dto, actor);
  }

  /** Rejects a request of another user that is pending, or approved and not claimed. */
  @Post(':id/reject')
  @HttpCode(200)
  @ApiConflictResponse({ description: 'The request is not pending.' })
  @RequirePermissions('tokens:write')
  reject(
    @Param('id') id: string,
    @Body() dto: DecideTokenRequestDto,
    @CurrentPrincipal() actor: Principal,
  ): Promise<TokenRequestDto> {
    return this.requests.reject(id, dto, actor);
  }
}
