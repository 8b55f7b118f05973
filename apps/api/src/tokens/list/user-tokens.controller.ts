import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import {
  CreateTokenDto,
  RevokeTokensQueryDto,
  UserTokenDto,
  UserTokenListQueryDto,
} from '@latchkey/auth-models';
import { TakesEffect } from '../../http/effective-by.service.js';
import { AllowSuperseded, RequireFresh, RequirePermissions } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { type VersionCondition } from '../../common/request/version-condition.js';
import { ApiPage, ApiToken } from '../../http/openapi/api-decorators.js';
import { Location } from '../../http/location.js';
import { ApiIfMatch, ETag, IfMatch } from '../../http/negotiation/if-match.js';
import { RepresentedAs } from '../../http/negotiation/route-representation.js';
import { type SendableList } from '../../http/lists/send-list.js';
import { ApiTokensService } from '../issue/api-tokens.service.js';
import { TOKEN_AS_TEXT } from '../model/token.mapper.js';
import { TokenListService } from './token-list.service.js';
import { visibilityOf } from '../access/token-visibility.js';
import { UserRevocationsService } from '../revoke/user-revocations.service.js';
import { UsersService } from '../../users/users.service.js';

/** Tokens of one user, for administrators. */
@Controller('users/:name/tokens')
@ApiTags('users')
@ApiToken()
export class UserTokensController {
  constructor(
    private readonly users: UsersService,
    private readonly list: TokenListService,
    private readonly apiTokens: ApiTokensService,
    private readonly revocations: UserRevocationsService,
  ) {}

  /** Lists the tokens of a user, newest first. Limited tokens list no canaries. */
  @Get()
  @ApiPage(UserTokenDto)
  @RequirePermissions('tokens:read')
  async find(
    @Param('name') name: string,
    @Query() query: UserTokenListQueryDto,
    @CurrentPrincipal() actor: Principal,
  ): Promise<SendableList<UserTokenDto>> {
    const { id } = await this.users.getByName(name);
    return this.list.find(query, actor, { ...visibilityOf(actor), userId: id });
  }

  /**
   * Creates an API token for a user who holds no permissions or roles beyond the caller's. Unless the caller
   * is an administrator, the token is permanently limited to the permissions that the caller holds now. With
   * an API token, it expires no later than that token. Only this response contains the secret. With
   * `Accept: text/plain` the body is the `X-Auth-Token` value.
   */
  @Post()
  @RequireFresh()
  @ETag()
  @Location('/tokens', 'id')
  @RequirePermissions('tokens:write')
  @RepresentedAs({ alsoAs: [TOKEN_AS_TEXT] })
  @ApiConflictResponse({ description: 'The user has the maximum number of live API tokens.' })
  @ApiIfMatch({ required: false, of: 'the user' })
  create(
    @Param('name') name: string,
    @Body() dto: CreateTokenDto,
    @IfMatch() condition: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<UserTokenDto> {
    return this.apiTokens.create(name, dto, actor, condition);
  }

  /** Revokes all tokens of a user. For the caller, this includes the presented one. */
  @Delete()
  @RequireFresh()
  @HttpCode(204)
  @TakesEffect()
  @AllowSuperseded()
  @RequirePermissions('tokens:write')
  @ApiIfMatch({ required: false, of: 'the user' })
  revokeUserTokens(
    @Param('name') name: string,
    @Query() { reason }: RevokeTokensQueryDto,
    @IfMatch() condition: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<void> {
    return this.revocations.revokeAllOf(name, actor, { condition, reason });
  }
}
