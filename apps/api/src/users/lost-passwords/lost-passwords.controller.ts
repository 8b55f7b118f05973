import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiTags } from '@nestjs/swagger';
import { LostPasswordDto } from '@latchkey/auth-models';
import { type FastifyRequest } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { Limited, Public } from '../../common/request/policy.js';
import { Origin } from '../../common/request/principal.js';
import { isSameOrigin, type RequestOrigin } from '../../common/request/request-origin.js';
import { ThrottleService } from '../../throttle/throttle.service.js';
import { LostPasswordsService } from './lost-passwords.service.js';

/** Public route for users who have lost their password. */
@Controller('auth/lost-password')
@ApiTags('auth')
export class LostPasswordsController {
  constructor(
    private readonly lostPasswords: LostPasswordsService,
    private readonly throttle: ThrottleService,
  ) {}

  /**
   * E-mails the user a link to choose a new password. The server responds before it reads the user, so the
   * response is the same for unknown users, and if the server sends no e-mail. Each request counts as a
   * failed login from the client's address. A user gets at most one message in 15 minutes.
   */
  @Post()
  @HttpCode(202)
  @Public()
  @Limited()
  @ApiAcceptedResponse({ description: 'The server sends a link if it knows the user.' })
  requestPassword(
    @Body() dto: LostPasswordDto,
    @Origin() origin: RequestOrigin,
    @Req() { headers }: FastifyRequest,
  ): Promise<void> {
    // Pages of other sites could make their visitors request messages, each from another address.
    if (isSameOrigin(headers) === false) {
      throw new ApplicationError('same_origin_required');
    }
    return this.throttle.attempt(origin, undefined, async (attempt) => {
      await attempt.fail();
      this.lostPasswords.request(dto, origin);
    });
  }
}
