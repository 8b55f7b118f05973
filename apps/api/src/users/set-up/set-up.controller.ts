import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { SetUpDto } from '@latchkey/auth-models';
import { ApiTags, ApiUnauthorizedResponse } from '@nestjs/swagger';
import { ApplicationError } from '../../common/application-error.js';
import { Limited, Public } from '../../common/request/policy.js';
import { Origin } from '../../common/request/principal.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { TakesEffect } from '../../http/effective-by.service.js';
import { ThrottleService } from '../../throttle/throttle.service.js';
import { FirstSignIn } from './first-administrator.service.js';
import { SetUpCompletionService } from './set-up-completion.service.js';

/** Public route that completes a set-up link. */
@Controller('auth/set-up')
@ApiTags('auth')
export class SetUpController {
  constructor(
    private readonly setUp: SetUpCompletionService,
    private readonly firstSignIn: FirstSignIn,
    private readonly throttle: ThrottleService,
  ) {}

  /** Sets the password of the link's user and revokes all their tokens. Each link works once. */
  @Post()
  @TakesEffect()
  @HttpCode(204)
  @ApiUnauthorizedResponse({ description: 'The link was used, has expired or is unknown.' })
  @Limited()
  @Public()
  complete(@Body() { secret, password }: SetUpDto, @Origin() origin: RequestOrigin): Promise<void> {
    return this.throttle.attempt(origin, undefined, async (attempt) => {
      try {
        await this.setUp.complete(secret, password, origin);
      } catch (error) {
        if (error instanceof ApplicationError && error.code === 'set_up_refused') {
          await attempt.fail();
        }
        throw error;
      }
      this.firstSignIn.removeFile();
      await attempt.succeed();
    });
  }
}
