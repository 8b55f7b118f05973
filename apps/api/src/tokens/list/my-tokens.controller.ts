import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import { CreateTokenDto, UserTokenDto, UserTokenListQueryDto } from '@latchkey/auth-models';
import { AllowSuperseded, RequireFresh, RequireOwnAccount } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { type VersionCondition } from '../../common/request/version-condition.js';
import { ApiPage, ApiToken } from '../../http/openapi/api-decorators.js';
import { Location } from '../../http/location.js';
import { ApiIfMatch, ETag, IfMatch } from '../../http/negotiation/if-match.js';
import { RepresentedAs } from '../../http/negotiation/route-representation.js';
import { type SendableList } from '../../http/lists/send-list.js';
import { TakesEffect } from '../../http/effective-by.service.js';
import { ApiTokensService } from '../issue/api-tokens.service.js';
import { TOKEN_AS_TEXT } from '../model/token.mapper.js';
import { ownVisibilityOf } from '../access/token-visibility.js';
import { TokenListService } from './token-list.service.js';
import { UserRevocationsService } from '../revoke/user-revocations.service.js';

/** The caller's own tokens. A token is sufficient; the password is not required again. */
@Controller('me/tokens')
@ApiTags('me')
@ApiToken()
@RequireOwnAccount()
export class MyTokensController {
  constructor(
    private readonly list: TokenListService,
    private readonly apiTokens: ApiTokensService,
    private readonly revocations: UserRevocationsService,
  ) {}

  /**
   * Lists the caller's own tokens, newest first. A limited token lists only itself and tokens created with
   * it, unless it has `tokens:read` or `tokens:write`. Limited tokens list no canaries.
   */
  @Get()
  @ApiPage(UserTokenDto)
  find(
    @Query() query: UserTokenListQueryDto,
    @CurrentPrincipal() actor: Principal,
  ): SendableList<UserTokenDto> {
    return this.list.find(query, actor, ownVisibilityOf(actor));
  }

  /**
   * Creates an API token for the caller. It has at most the permissions of the presented token. If that is an
   * API token, the new one expires no later. Only this response contains the secret; as `text/plain` it is
   * just the value for `X-Auth-Token`.
   */
  @Post()
  @RequireFresh()
  @ETag()
  @Location('/tokens', 'id')
  @RepresentedAs({ alsoAs: [TOKEN_AS_TEXT] })
  @ApiConflictResponse({ description: 'The user has reached the limit of live API tokens.' })
  @ApiIfMatch({ required: false, of: '`GET /me`' })
  create(
    @Body() dto: CreateTokenDto,
    @IfMatch() condition: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<UserTokenDto> {
    return this.apiTokens.create(actor.name, dto, actor, condition);
  }

  /**
   * Revokes all tokens of the caller except the presented one, and the superseded secret of that one. If the
   * token is limited to some permissions, this requires `tokens:write`.
   */
  @Delete()
  @HttpCode(204)
  @TakesEffect()
  @AllowSuperseded()
  @ApiIfMatch({ required: false, of: '`GET /me`' })
  revokeMyOtherTokens(
    @IfMatch() condition: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<void> {
    return this.revocations.revokeOthers(actor, condition);
  }
}
