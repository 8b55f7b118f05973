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
   * Sends a link to choose a new password to the user's e-mail address. The response is the same if there is
   * no such user or the server sends no e-mail, and is sent before the server reads the user. Each request
   * counts like a failed login of the client's address. A user gets at most one message within 15 minutes.
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
    // Other pages could let their visitors send messages, each from another address.
    if (isSameOrigin(headers) === false) {
      throw new ApplicationError('same_origin_required');
    }
    return this.throttle.attempt(origin, undefined, async (attempt) => {
      await attempt.fail();
      this.lostPasswords.request(dto, origin);
    });
  }
}
