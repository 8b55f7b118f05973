import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import { MyOfferListQueryDto, OfferDto, RequestTokenDto, UserTokenDto } from '@latchkey/auth-models';
import { RequireFresh, RequireOwnAccount } from '../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../common/request/principal.js';
import { type SendableList } from '../http/lists/send-list.js';
import { Location } from '../http/location.js';
import { ETag } from '../http/negotiation/if-match.js';
import { RepresentedAs } from '../http/negotiation/route-representation.js';
import { TakesEffect } from '../http/effective-by.service.js';
import { ApiPage, ApiToken } from '../http/openapi/api-decorators.js';
import { ownVisibilityOf } from '../tokens/access/token-visibility.js';
import { TOKEN_AS_TEXT } from '../tokens/model/token.mapper.js';
import { MyOffersService } from './my-offers.service.js';
import { OfferListService } from './offer-list.service.js';

/** Offers of tokens for the caller. All changes require a session without limits. */
@Controller('me/offers')
@ApiTags('me')
@ApiToken()
@RequireOwnAccount()
export class MyOffersController {
  constructor(
    private readonly list: OfferListService,
    private readonly offers: MyOffersService,
  ) {}

  /**
   * Lists the offers for the caller, newest first. With a limited token, only those whose token is this one
   * or was created with it.
   */
  @Get()
  @ApiPage(OfferDto)
  find(@Query() query: MyOfferListQueryDto, @CurrentPrincipal() actor: Principal): SendableList<OfferDto> {
    return this.list.find(query, ownVisibilityOf(actor));
  }

  /**
   * Requests a token from a template, whose scope and lifetime the request copies. The caller must hold what
   * the template names. A user can have five open requests. A request can be approved for 30 days.
   */
  @Post()
  @ApiConflictResponse({ description: 'The user has five open requests.' })
  requestToken(@Body() dto: RequestTokenDto, @CurrentPrincipal() actor: Principal): Promise<OfferDto> {
    return this.offers.request(dto, actor);
  }

  /** Withdraws an offer that was not claimed. */
  @Delete(':id')
  @HttpCode(204)
  @TakesEffect()
  @ApiConflictResponse({ description: 'The offer is no longer open.' })
  withdrawOffer(@Param('id') id: string, @CurrentPrincipal() actor: Principal): Promise<void> {
    return this.offers.withdraw(id, actor);
  }

  /**
   * Creates the token of an approved offer. Only this response contains the secret; as `text/plain` it is
   * just the value for `X-Auth-Token`. If the approver can no longer create such a token, a request waits for
   * another approval: 409.
   */
  @Post(':id/claim')
  @RequireFresh()
  @ETag()
  @Location('/tokens', 'id')
  @RepresentedAs({ alsoAs: [TOKEN_AS_TEXT] })
  @ApiConflictResponse({ description: 'The offer is not approved, or the token cannot be created.' })
  claimOffer(@Param('id') id: string, @CurrentPrincipal() actor: Principal): Promise<UserTokenDto> {
    return this.offers.claim(id, actor);
  }
}
