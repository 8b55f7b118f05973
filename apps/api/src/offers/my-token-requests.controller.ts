import { type Readable } from 'node:stream';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import {
  CreateTokenRequestDto,
  MyTokenRequestListQueryDto,
  PageDto,
  TokenRequestDto,
  UserTokenDto,
} from '@latchkey/auth-models';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { FIELDS } from '../common/request/header-fields.js';
import { RequireOwnAccount } from '../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../common/request/principal.js';
import { sendList } from '../http/lists/send-list.js';
import { ETag } from '../http/negotiation/if-match.js';
import { RepresentedAs } from '../http/negotiation/route-representation.js';
import { ApiPage, ApiToken } from '../http/openapi/api-decorators.js';
import { ownVisibilityOf } from '../tokens/access/token-visibility.js';
import { TOKEN_AS_TEXT } from '../tokens/model/token.mapper.js';
import { TokenRequestListService } from './token-request-list.service.js';
import { TokenRequestsService } from './token-requests.service.js';

/** The caller's own token requests. All changes require a session without limits. */
@Controller('me/token-requests')
@ApiTags('me')
@ApiToken()
@RequireOwnAccount()
export class MyTokenRequestsController {
  constructor(
    private readonly list: TokenRequestListService,
    private readonly requests: TokenRequestsService,
  ) {}

  /**
   * Lists the caller's own token requests, newest first. With a limited token, only those whose token is this
   * one or was created with it.
   */
  @Get()
  @ApiPage(TokenRequestDto)
  find(
    @Query() query: MyTokenRequestListQueryDto,
    @CurrentPrincipal() actor: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageDto<TokenRequestDto> | Readable> {
    return sendList(query, this.list.find(query, ownVisibilityOf(actor)), request, reply);
  }

  /**
   * Requests a token from a template, whose scope and lifetime the request copies. The caller must hold what the template names. A
   * user can have five open requests. A request can be approved for 30 days.
   */
  @Post()
  @ApiConflictResponse({ description: 'The user has five open requests.' })
  requestToken(
    @Body() dto: CreateTokenRequestDto,
    @CurrentPrincipal() actor: Principal,
  ): Promise<TokenRequestDto> {
    return this.requests.create(dto, actor);
  }

  /** Withdraws a request that is pending, or approved and not claimed. */
  @Delete(':id')
  @HttpCode(204)
  @ApiConflictResponse({ description: 'The request is no longer open.' })
  withdrawTokenRequest(@Param('id') id: string, @CurrentPrincipal() actor: Principal): Promise<void> {
    return this.requests.withdraw(id, actor);
  }

  /**
   * Creates the token of an approved request. Only this response contains the secret; as `text/plain` it is just the value for
   * `X-Auth-Token`. If the approver can no longer create such a token, the request is pending again: 409.
   */
  @Post(':id/claim')
  @ETag()
  @RepresentedAs({ alsoAs: [TOKEN_AS_TEXT] })
  @ApiConflictResponse({ description: 'The request is not approved, or the token cannot be created.' })
  async claimRequestedToken(
    @Param('id') id: string,
    @CurrentPrincipal() actor: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserTokenDto> {
    const token = await this.requests.claim(id, actor);
    reply.header(FIELDS.location, `/tokens/${token.id}`);
    return token;
  }
}
