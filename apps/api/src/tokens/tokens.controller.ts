import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import {
  RevokeTokenQueryDto,
  RotatedTokenDto,
  RotateTokenDto,
  TokenListQueryDto,
  TokenUsageDto,
  UpdateTokenDto,
  UserTokenDto,
} from '@latchkey/auth-models';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { TakesEffect } from '../http/effective-by.service.js';
import { AllowSuperseded, RequireFresh, RequirePermissions, Uncounted } from '../common/request/policy.js';
import { CurrentPrincipal, type Principal, setExpiryHeader } from '../common/request/principal.js';
import { type VersionCondition } from '../common/request/version-condition.js';
import { type SendableList } from '../http/lists/send-list.js';
import { ApiIfMatch, demandVersion, ETag, IfMatch } from '../http/negotiation/if-match.js';
import { ApiPage, ApiToken } from '../http/openapi/api-decorators.js';
import { RepresentedAs } from '../http/negotiation/route-representation.js';
import { TokenListService } from './list/token-list.service.js';
import { RevocationsService } from './revoke/revocations.service.js';
import { TOKEN_AS_TEXT } from './model/token.mapper.js';
import { TokenEditingService } from './token-editing.service.js';
import { TokenRotationService } from './issue/token-rotation.service.js';
import { TokenUsageService } from './usage/token-usage.service.js';

/** Id of a token in a path. */
const ApiTokenId = () =>
  ApiParam({ name: 'id', description: 'Id of the token, or `self` for the presented one.', type: String });

/** Tokens of the caller; with `tokens:read` those of all users, which `tokens:write` allows to change. */
@Controller('tokens')
@ApiTags('tokens')
@ApiToken()
@RequirePermissions()
export class TokensController {
  constructor(
    private readonly editing: TokenEditingService,
    private readonly rotation: TokenRotationService,
    private readonly revocations: RevocationsService,
    private readonly list: TokenListService,
    private readonly usage: TokenUsageService,
  ) {}

  /**
   * Lists tokens, newest first: with `tokens:read` those of all users, otherwise those of the caller. A
   * limited token without `tokens:read` and `tokens:write` lists only itself and tokens created with it.
   * Limited tokens list no canaries. An export (CSV or NDJSON) is not a snapshot: it reads the tokens in
   * parts, and with `sort=creationTime` it also includes tokens that are created meanwhile.
   */
  @Get()
  @ApiPage(UserTokenDto)
  listTokens(
    @Query() query: TokenListQueryDto,
    @CurrentPrincipal() actor: Principal,
  ): SendableList<UserTokenDto> {
    return this.list.find(query, actor);
  }

  /**
   * Returns a token of the caller, or with `tokens:read` of any user. Returns 404 for tokens that the caller
   * cannot list, as the other routes for single tokens do.
   */
  @Get(':id')
  @ApiTokenId()
  @ETag()
  get(@Param('id') id: string, @CurrentPrincipal() actor: Principal): Promise<UserTokenDto> {
    return this.list.get(idOf(id, actor), actor);
  }

  /** Returns the daily use of a token of the caller in the last 90 days; with `tokens:read` of any token. */
  @Get(':id/usage')
  @ApiTokenId()
  getTokenUsage(@Param('id') id: string, @CurrentPrincipal() actor: Principal): Promise<TokenUsageDto> {
    return this.usage.get(idOf(id, actor), actor);
  }

  /**
   * Changes the note, expiry, scope, limits or metadata of a token of the caller, or enables or disables it;
   * with `tokens:read` and `tokens:write` a token of any user. An expiry beyond the maximum is reduced to it,
   * with a warning in `warnings`. The caller must hold the permissions of a token that it enables or extends.
   * A token cannot extend itself, and an API token cannot extend tokens created with it: 403. An API token
   * cannot extend or enable any other token beyond its own expiry. Narrowing the scope also narrows the
   * tokens created with this one. A token cannot loosen its own limits or change its metadata, and new
   * addresses also limit the tokens created with it. A new expiry renews an expired API token, which the
   * server deletes 90 days after its expiry. Revoked and used-up tokens cannot be changed, nor expired tokens
   * without a new expiry: 409. A leaked token cannot be enabled before it is rotated: 409. A patch without
   * changes keeps the version.
   */
  @Patch(':id')
  @RequireFresh()
  @ApiTokenId()
  @ETag()
  @TakesEffect()
  @ApiIfMatch({ required: true })
  async update(
    @Param('id') id: string,
    @Body() dto: UpdateTokenDto,
    @IfMatch() ifMatch: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserTokenDto> {
    const token = await this.editing.update(idOf(id, actor), dto, demandVersion(ifMatch, dto.version), actor);
    setNewExpiryHeader(reply, token, actor);
    return token;
  }

  /**
   * Replaces the secret of a token of the caller and restarts its lifetime; with `tokens:read` and
   * `tokens:write` for a token of any user who holds no permissions or roles beyond the caller's. The old
   * secret works during the grace period. A token that rotates itself keeps its expiry, unless
   * `tokens:introspect` is its only permission, and cannot request a later one: 403. An API token sets no
   * expiry later than its own. The token of another user is limited to the permissions and roles that the
   * caller can grant now. Revoked and expired tokens cannot be rotated: 409. With `Accept: text/plain` the
   * body is the `X-Auth-Token` value. The version is required. If the response is lost and the client repeats
   * the request, the server rejects it, and the old secret keeps its grace period. With `If-Match: *` the
   * repetition ends the grace period. After a leak, `revokeDescendants` also revokes the tokens that were
   * created with this one, in the same transaction.
   */
  @Post(':id/rotate')
  @RequireFresh()
  @ApiTokenId()
  @ETag()
  @TakesEffect()
  @HttpCode(200)
  @ApiIfMatch({ required: true })
  @RepresentedAs({ alsoAs: [TOKEN_AS_TEXT] })
  async rotate(
    @Param('id') id: string,
    @Body() dto: RotateTokenDto,
    @IfMatch() ifMatch: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RotatedTokenDto> {
    const token = await this.rotation.rotate(
      idOf(id, actor),
      dto,
      demandVersion(ifMatch, dto.version),
      actor,
    );
    setNewExpiryHeader(reply, token, actor);
    return token;
  }

  /**
   * Revokes a token of the caller; with `tokens:read` and `tokens:write` a token of any user. Returns 404 for
   * a revoked or expired token. With `descendants` the route also accepts the id of a deleted token, and
   * revokes the tokens created with it.
   */
  @Delete(':id')
  @ApiTokenId()
  @HttpCode(204)
  @TakesEffect()
  @AllowSuperseded()
  @Uncounted()
  @ApiIfMatch({ required: false })
  revoke(
    @Param('id') id: string,
    @Query() { descendants, reason }: RevokeTokenQueryDto,
    @IfMatch() condition: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<void> {
    return this.revocations.revoke(idOf(id, actor), { descendants, reason, condition }, actor);
  }

  /**
   * Revokes the superseded secret of a token before its grace period expires. The current secret keeps
   * working. The superseded secret can send this request too. Returns 404 if the token has no superseded
   * secret that still works.
   */
  @Delete(':id/superseded')
  @ApiTokenId()
  @HttpCode(204)
  @TakesEffect()
  @AllowSuperseded()
  @Uncounted()
  @ApiIfMatch({ required: false })
  revokeSupersededSecret(
    @Param('id') id: string,
    @IfMatch() condition: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<void> {
    return this.revocations.revokeSuperseded(idOf(id, actor), actor, condition);
  }
}

/** Returns the id in a path. The command line presents no token, so `self` returns 404 for it. */
function idOf(id: string, { token }: Principal): string {
  return id === 'self' && token ? token.id : id;
}

/** Sets the expiry header if the changed token is the presented one. */
function setNewExpiryHeader(
  reply: FastifyReply,
  { id, expirationTime, idleExpirationTime }: UserTokenDto,
  actor: Principal,
): void {
  if (actor.token?.id === id) {
    const expiries = [expirationTime, idleExpirationTime]
      .filter((time) => time !== undefined)
      .map(Date.parse);
    setExpiryHeader(reply, expiries.length === 0 ? null : Math.min(...expiries));
  }
}
