import { type Readable } from 'node:stream';
import { Body, Controller, Delete, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import { CreateTokenDto, PageDto, UserTokenDto, UserTokenListQueryDto } from '@latchkey/auth-models';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { AllowSuperseded, RequirePermissions } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { type VersionCondition } from '../../common/request/version-condition.js';
import { ApiPage, ApiToken } from '../../http/openapi/api-decorators.js';
import { ApiIfMatch, ETag, IfMatch } from '../../http/negotiation/if-match.js';
import { RepresentedAs } from '../../http/negotiation/route-representation.js';
import { sendList } from '../../http/lists/send-list.js';
import { ApiTokensService } from '../tokens/issue/api-tokens.service.js';
import { TOKEN_AS_TEXT } from '../tokens/token-as-text.js';
import { TokenListService } from '../tokens/list/token-list.service.js';
import { UserRevocationsService } from '../tokens/revoke/user-revocations.service.js';

/** One's own tokens. A token is enough; the password is not asked for again. */
@Controller('me/tokens')
@ApiTags('me')
@ApiToken()
@RequirePermissions()
export class MyTokensController {
  constructor(
    private readonly list: TokenListService,
    private readonly apiTokens: ApiTokensService,
    private readonly revocations: UserRevocationsService,
  ) {}

  /** The caller's own tokens, newest first. */
  @Get()
  @ApiPage(UserTokenDto)
  find(
    @Query() query: UserTokenListQueryDto,
    @CurrentPrincipal() actor: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageDto<UserTokenDto> | Readable> {
    return sendList(query, this.list.find(query, { userId: actor.id }), request, reply);
  }

  /**
   * Makes an API token of the caller's own. It may do no more than the token that makes it, and if that is an API token
   * it ends no later. The answer is the only one with its secret; `text/plain`
   * is the value for `X-Auth-Token` alone.
   */
  @Post()
  @ETag()
  @RepresentedAs({ alsoAs: [TOKEN_AS_TEXT] })
  @ApiConflictResponse({ description: 'The user has as many live API tokens as one may have.' })
  @ApiIfMatch({ required: false, of: '`GET /me`' })
  async create(
    @Body() dto: CreateTokenDto,
    @IfMatch() condition: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserTokenDto> {
    const token = await this.apiTokens.create(actor.name, dto, actor, condition);
    reply.header('location', `/tokens/${token.id}`);
    return token;
  }

  /**
   * Revokes all tokens of the caller except the presented one, and the superseded secret of that one. A token that is limited
   * to some permissions needs `tokens:write`.
   */
  @Delete()
  @HttpCode(204)
  @AllowSuperseded()
  @ApiIfMatch({ required: false, of: '`GET /me`' })
  revokeMyOtherTokens(
    @IfMatch() condition: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<void> {
    return this.revocations.revokeOthers(actor, condition);
  }
}
