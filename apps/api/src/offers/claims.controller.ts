import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ClaimDetailsDto, ClaimDto, UserTokenDto } from '@latchkey/auth-models';
import { ApiConflictResponse, ApiNotFoundResponse, ApiTags } from '@nestjs/swagger';
import { type FastifyRequest } from 'fastify';
import { ApplicationError } from '../common/application-error.js';
import { Limited, Public } from '../common/request/policy.js';
import { Origin } from '../common/request/principal.js';
import { isSameOrigin, type RequestOrigin } from '../common/request/request-origin.js';
import { ClaimsService } from './claims.service.js';
import { ThrottleService } from '../throttle/throttle.service.js';

/** Public routes for the recipients of claim links. */
@Controller('auth/claims')
@ApiTags('auth')
export class ClaimsController {
  constructor(
    private readonly claims: ClaimsService,
    private readonly throttle: ThrottleService,
  ) {}

  /** Returns the state of a claim link, and describes the token while the link is open. It does not use the link. */
  @Post('details')
  @HttpCode(200)
  @Public()
  @Limited()
  @ApiNotFoundResponse({ description: 'The link is unknown or was deleted.' })
  getClaimDetails(
    @Body() { secret }: ClaimDto,
    @Origin() origin: RequestOrigin,
    @Req() request: FastifyRequest,
  ): Promise<ClaimDetailsDto> {
    return this.attempt(origin, request, () => this.claims.describe(secretIn(secret)));
  }

  /** Creates the token of a claim link. Each link works once, and only this response contains the secret of the token. */
  @Post()
  @Public()
  @Limited()
  @ApiNotFoundResponse({ description: 'The link is unknown or was deleted.' })
  @ApiConflictResponse({
    description: 'The link was used or has expired, or its sender may no longer create the token.',
  })
  claimToken(
    @Body() { secret }: ClaimDto,
    @Origin() origin: RequestOrigin,
    @Req() request: FastifyRequest,
  ): Promise<UserTokenDto> {
    return this.attempt(origin, request, () => this.claims.claim(secretIn(secret), origin));
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
    const attempt = await this.throttle.admit(origin.address, undefined, origin.agent);
    try {
      const result = await work();
      attempt.abandon();
      return result;
    } catch (error) {
      // After `claim_link_withdrawn`, the secret was right, and the client cannot know that its sender lost permissions.
      if (
        error instanceof ApplicationError &&
        error.code.startsWith('claim_link_') &&
        error.code !== 'claim_link_withdrawn'
      ) {
        await attempt.fail();
      } else {
        attempt.abandon();
      }
      throw error;
    }
  }
}

/** Returns the secret from the text that the client sent: the secret itself, or the whole link. */
function secretIn(text: string): string {
  return text.slice(text.indexOf('#') + 1);
}
