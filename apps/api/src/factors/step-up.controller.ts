import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { StepUpDto, StepUpResponseDto } from '@latchkey/auth-models';
import { AllowEnrolment, Limited, RequireOwnAccount } from '../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../common/request/principal.js';
import { ApiToken } from '../http/openapi/api-decorators.js';
import { ApiCode, Code } from './code-header.js';
import { StepUpService } from './step-up.service.js';

/** Fresh proof before dangerous requests. */
@Controller('auth')
@ApiTags('auth')
@ApiToken()
@RequireOwnAccount()
@AllowEnrolment()
export class StepUpController {
  constructor(private readonly stepUps: StepUpService) {}

  /**
   * Proves again who the user of a session is, after 403 `step_up_required`: with a code in `X-Auth-OTP`, a
   * passkey, or the current password if the user has no second factor. Wrong ones count as failed logins.
   */
  @Post('step-up')
  @HttpCode(200)
  @Limited()
  @ApiCode()
  stepUp(
    @Body() dto: StepUpDto,
    @Code() code: string | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<StepUpResponseDto> {
    return this.stepUps.stepUp(dto, code, actor);
  }
}
