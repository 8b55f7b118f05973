import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import { CreateOfferDto, DecideOfferDto, OfferDto, OfferListQueryDto } from '@latchkey/auth-models';
import { RequireFresh, RequirePermissions, Uncounted } from '../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../common/request/principal.js';
import { type VersionCondition } from '../common/request/version-condition.js';
import { type SendableList } from '../http/lists/send-list.js';
import { ApiIfMatch, IfMatch } from '../http/negotiation/if-match.js';
import { TakesEffect } from '../http/effective-by.service.js';
import { ApiPage, ApiToken } from '../http/openapi/api-decorators.js';
import { OfferListService } from './offer-list.service.js';
import { OffersService } from './offers.service.js';

/** Offers of tokens, whose secrets only the recipients see. */
@Controller()
@ApiTags('offers')
@ApiToken()
export class OffersController {
  constructor(
    private readonly list: OfferListService,
    private readonly offers: OffersService,
  ) {}

  /**
   * Creates a claim link for an API token that the caller may create for the user now. The recipient creates
   * the token once, within 24 hours, and is the only one who sees the secret. The claim checks the
   * permissions of the caller again. Only this response contains the link. With `send`, the server also
   * e-mails it.
   */
  @Post('users/:name/offers')
  @RequireFresh()
  @RequirePermissions('tokens:write')
  @ApiConflictResponse({
    description: 'The user has the maximum number of live API tokens or of open links.',
  })
  @ApiIfMatch({ required: false, of: 'the user' })
  create(
    @Param('name') name: string,
    @Body() dto: CreateOfferDto,
    @IfMatch() condition: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<OfferDto> {
    return this.offers.create(name, dto, actor, condition);
  }

  /** Lists offers, newest first. The server deletes them a day after their expiry. */
  @Get('offers')
  @ApiPage(OfferDto)
  @RequirePermissions('tokens:read')
  find(@Query() query: OfferListQueryDto): SendableList<OfferDto> {
    return this.list.find(query);
  }

  /**
   * Approves a request of another user. The caller must be able to create such a token for the user. The user
   * can then claim the token within 24 hours. The caller never sees its secret.
   */
  @Post('offers/:id/approve')
  @RequireFresh()
  @HttpCode(200)
  @ApiConflictResponse({
    description: 'The offer is not requested, or the user does not hold what it names.',
  })
  @RequirePermissions('tokens:write')
  approve(
    @Param('id') id: string,
    @Body() dto: DecideOfferDto,
    @CurrentPrincipal() actor: Principal,
  ): Promise<OfferDto> {
    return this.offers.approve(id, dto, actor);
  }

  /** Rejects a request of another user, or an offer that is approved and not claimed. */
  @Post('offers/:id/reject')
  @HttpCode(200)
  @ApiConflictResponse({ description: 'The offer is no longer open.' })
  @RequirePermissions('tokens:write')
  @TakesEffect()
  reject(
    @Param('id') id: string,
    @Body() dto: DecideOfferDto,
    @CurrentPrincipal() actor: Principal,
  ): Promise<OfferDto> {
    return this.offers.reject(id, dto, actor);
  }

  /** Revokes an offer, so that its token can no longer be claimed. Returns 409 if it was claimed. */
  @Delete('offers/:id')
  @HttpCode(204)
  @RequirePermissions('tokens:write')
  @Uncounted()
  @TakesEffect()
  @ApiConflictResponse({ description: 'The offer was claimed, and its token exists.' })
  revoke(@Param('id') id: string, @CurrentPrincipal() actor: Principal): Promise<void> {
    return this.offers.revoke(id, actor);
  }
}
