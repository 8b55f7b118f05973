import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { RevokeTokenQueryDto, RotateTokenDto, UpdateTokenDto, UserTokenDto } from '@latchkey/auth-models';
import { ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { AllowSuperseded, RequirePermissions, Uncounted } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { type VersionCondition } from '../../common/request/version-condition.js';
import { ApiToken } from '../../http/openapi/api-decorators.js';
import { ApiIfMatch, demandVersion, ETag, IfMatch } from '../../http/negotiation/if-match.js';
import { setExpiryHeader } from '../../http/negotiation/token-headers.js';
import { RepresentedAs } from '../../http/negotiation/route-representation.js';
import { RevocationsService } from './revoke/revocations.service.js';
import { TOKEN_AS_TEXT } from './token-as-text.js';
import { TokenEditingService } from './token-editing.service.js';
import { TokenRotationService } from './rotate/token-rotation.service.js';

/** Single tokens: their owner's, and those of others to who holds `tokens:read`, and to change them `tokens:write`, too. */
@Controller('tokens')
@ApiTags('tokens')
@ApiToken()
@RequirePermissions()
export class TokensController {
  constructor(
    private readonly editing: TokenEditingService,
    private readonly rotation: TokenRotationService,
    private readonly revocations: RevocationsService,
  ) {}

  /** A token of one's own; with `tokens:read` anybody's. */
  @Get(':id')
  @ETag()
  get(@Param('id') id: string, @CurrentPrincipal() actor: Principal): Promise<UserTokenDto> {
    return this.editing.get(id, actor);
  }

  /**
   * Changes the note or the end of a token of one's own, or switches it off or on; with `tokens:read` and
   * `tokens:write` anybody's. An end beyond the maximum is clipped, and `warnings` says so. Nobody switches on, or gives
   * a later end to, what may do more than they may. A token cannot extend itself, and an API token cannot extend tokens
   * created with it: 403. An API token cannot extend or enable any other token beyond its own expiry. A revoked or expired
   * token cannot be changed: 409. A patch that changes nothing leaves the version as it is.
   */
  @Patch(':id')
  @ETag()
  @ApiIfMatch({ required: true })
  async update(
    @Param('id') id: string,
    @Body() dto: UpdateTokenDto,
    @IfMatch() ifMatch: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserTokenDto> {
    const token = await this.editing.update(id, dto, demandVersion(ifMatch, dto.version), actor);
    setNewExpiryHeader(reply, token, actor);
    return token;
  }

  /**
   * Gives a token of one's own a new secret and its length of life anew; with `tokens:read` and
   * `tokens:write` that of anybody who holds no more than the caller. The old secret works for the grace period. A
   * token that rotates itself keeps its expiry, and cannot ask for a later one: 403. An API token gives no other token an
   * expiry later than its own. The token of another user is limited to the permissions and roles that the caller can grant
   * now. A revoked or expired token cannot be rotated: 409. `text/plain` is the value for `X-Auth-Token` alone. The version
   * is required. If the response is lost and the client repeats the request, the server rejects it, and the old secret keeps
   * its grace period. With `If-Match: *` the repetition ends the old secret.
   */
  @Post(':id/rotate')
  @ETag()
  @HttpCode(200)
  @ApiIfMatch({ required: true })
  @RepresentedAs({ alsoAs: [TOKEN_AS_TEXT] })
  async rotate(
    @Param('id') id: string,
    @Body() dto: RotateTokenDto,
    @IfMatch() ifMatch: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserTokenDto> {
    const token = await this.rotation.rotate(id, dto, demandVersion(ifMatch, dto.version), actor);
    setNewExpiryHeader(reply, token, actor);
    return token;
  }

  /**
   * Revokes a token of one's own; with `tokens:read` and `tokens:write` that of any user. A revoked or expired token
   * is 404. With `descendants` the route also accepts the id of a deleted token, and revokes the tokens created with it.
   */
  @Delete(':id')
  @HttpCode(204)
  @AllowSuperseded()
  @Uncounted()
  @ApiIfMatch({ required: false })
  revoke(
    @Param('id') id: string,
    @Query() { descendants }: RevokeTokenQueryDto,
    @IfMatch() condition: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<void> {
    return this.revocations.revoke(id, { descendants, condition }, actor);
  }
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
