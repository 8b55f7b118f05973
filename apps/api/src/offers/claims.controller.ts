import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ClaimDetailsDto, ClaimDto, type ErrorCode, UserTokenDto } from '@latchkey/auth-models';
import { ApiConflictResponse, ApiNotFoundResponse, ApiTags } from '@nestjs/swagger';
import { type FastifyRequest } from 'fastify';
import { ApplicationError } from '../common/application-error.js';
import { Limited, Public } from '../common/request/policy.js';
import { Origin } from '../common/request/principal.js';
import { isSameOrigin, type RequestOrigin } from '../common/request/request-origin.js';
import { ThrottleService } from '../throttle/throttle.service.js';
import { MyOffersService } from './my-offers.service.js';

const FAILURES: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['not_found', 'offer_claimed', 'offer_expired']);

/** Public routes for the recipients of claim links. */
@Controller('auth/claims')
@ApiTags('auth')
export class ClaimsController {
  constructor(
    private readonly offers: MyOffersService,
    private readonly throttle: ThrottleService,
  ) {}

  /**
   * Returns the state of a claim link and describes the token while the link is open. It does not use the
   * link.
   */
  @Post('details')
  @HttpCode(200)
  @Public()
  @Limited()
  @ApiNotFoundResponse({ description: 'The link is unknown or was revoked.' })
  getClaimDetails(
    @Body() { secret }: ClaimDto,
    @Origin() origin: RequestOrigin,
    @Req() request: FastifyRequest,
  ): Promise<ClaimDetailsDto> {
    return this.attempt(origin, request, () => this.offers.describe(secretIn(secret)));
  }

  /**
   * Creates the token of a claim link. Each link works once, and only this response contains the secret of
   * the token.
   */
  @Post()
  @Public()
  @Limited()
  @ApiNotFoundResponse({ description: 'The link is unknown or was revoked.' })
  @ApiConflictResponse({
    description:
      'The token was already created, the link has expired, or its sender may no longer create the token.',
  })
  claimToken(
    @Body() { secret }: ClaimDto,
    @Origin() origin: RequestOrigin,
    @Req() request: FastifyRequest,
  ): Promise<UserTokenDto> {
    return this.attempt(origin, request, () => this.offers.claimByLink(secretIn(secret), origin));
  }

  /** Counts links that do not work as failed attempts of the client's address. */
  private async attempt<T>(
    origin: RequestOrigin,
    { headers }: FastifyRequest,
    work: () => Promise<T>,
  ): Promise<T> {
    if (isSameOrigin(headers) === false) {
      throw new ApplicationError('same_origin_required');
    }
    return this.throttle.attempt(origin, undefined, async (attempt) => {
      try {
        return await work();
      } catch (error) {
        // After `offer_lapsed`, the secret was right, and the client cannot know that its sender lost
        // permissions.
        if (error instanceof ApplicationError && FAILURES.has(error.code)) {
          await attempt.fail();
        }
        throw error;
      }
    });
  }
}

/** Returns the secret from the text that the client sent: the secret itself, or the whole link. */
function secretIn(text: string): string {
  return text.slice(text.indexOf('#') + 1);
}
