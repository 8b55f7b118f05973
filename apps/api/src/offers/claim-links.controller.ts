import { type Readable } from 'node:stream';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ClaimLinkDto, ClaimLinkListQueryDto, CreateClaimLinkDto, PageDto } from '@latchkey/auth-models';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { RequirePermissions, Uncounted } from '../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../common/request/principal.js';
import { type VersionCondition } from '../common/request/version-condition.js';
import { sendList } from '../http/lists/send-list.js';
import { ApiIfMatch, IfMatch } from '../http/negotiation/if-match.js';
import { ApiPage, ApiToken } from '../http/openapi/api-decorators.js';
import { ClaimLinksService } from './claim-links.service.js';

/** Links with which recipients create API tokens, so that their issuers never see a secret. */
@Controller()
@ApiTags('tokens')
@ApiToken()
export class ClaimLinksController {
  constructor(private readonly links: ClaimLinksService) {}

  /**
   * Creates a claim link for an API token that the caller may create for the user now. Its recipient creates the token once, within
   * 24 hours, and is the only one who sees the secret. The claim checks the permissions of the caller again. Only this response
   * contains the link.
   */
  @Post('users/:name/claim-links')
  @RequirePermissions('tokens:write')
  @ApiConflictResponse({
    description: 'The user has the maximum number of live API tokens or of open links.',
  })
  @ApiIfMatch({ required: false, of: 'the user' })
  createClaimLink(
    @Param('name') name: string,
    @Body() dto: CreateClaimLinkDto,
    @IfMatch() condition: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<ClaimLinkDto> {
    return this.links.create(name, dto, actor, condition);
  }

  /** Lists claim links, newest first. The server deletes them a day after their expiry. */
  @Get('claim-links')
  @ApiPage(ClaimLinkDto)
  @RequirePermissions('tokens:read')
  listClaimLinks(
    @Query() query: ClaimLinkListQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageDto<ClaimLinkDto> | Readable> {
    return sendList(query, this.links.find(query), request, reply);
  }

  /** Deletes a claim link, so that it no longer works. Returns 409 if it was used. */
  @Delete('claim-links/:id')
  @HttpCode(204)
  @RequirePermissions('tokens:write')
  @Uncounted()
  @ApiConflictResponse({ description: 'The link was used, and its token exists.' })
  deleteClaimLink(@Param('id') id: string, @CurrentPrincipal() actor: Principal): Promise<void> {
    return this.links.delete(id, actor);
  }
}
