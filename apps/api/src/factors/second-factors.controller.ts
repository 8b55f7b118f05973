import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import {
  ConfirmSecondFactorDto,
  NewTotpDto,
  RecoveryCodesDto,
  SecondFactorListDto,
} from '@latchkey/auth-models';
import {
  AllowEnrolment,
  Limited,
  RequireFresh,
  RequireOwnAccount,
  RequirePermissions,
} from '../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../common/request/principal.js';
import { type VersionCondition } from '../common/request/version-condition.js';
import { TakesEffect } from '../http/effective-by.service.js';
import { ApiIfMatch, IfMatch } from '../http/negotiation/if-match.js';
import { ApiToken } from '../http/openapi/api-decorators.js';
import { SecondFactorResetService } from './second-factor-reset.service.js';
import { SecondFactorsService } from './second-factors.service.js';

/** Second factors of the caller. All changes require a session without limits. */
@Controller('me')
@ApiTags('me')
@ApiToken()
@RequireOwnAccount()
@AllowEnrolment()
export class SecondFactorsController {
  constructor(private readonly factors: SecondFactorsService) {}

  /** Returns the caller's second factors, and the number of unused recovery codes. */
  @Get('second-factors')
  listSecondFactors(@CurrentPrincipal() actor: Principal): Promise<SecondFactorListDto> {
    return this.factors.list(actor);
  }

  /**
   * Creates the secret of an authenticator app (TOTP, RFC 6238). It has no effect until a code confirms it,
   * and replaces an earlier unconfirmed one.
   */
  @Post('second-factors/totp')
  @RequireFresh()
  @ApiConflictResponse({
    description: 'The user has ten second factors, or the server has no `LATCHKEY_SEAL_KEY`.',
  })
  addTotp(@CurrentPrincipal() actor: Principal): Promise<NewTotpDto> {
    return this.factors.addTotp(actor);
  }

  /**
   * Confirms a new second factor with its first code. Every later login requires a code; existing sessions
   * and API tokens stay valid. Returns ten recovery codes, unless the user has unused ones.
   */
  @Post('second-factors/:id/confirm')
  @HttpCode(200)
  @RequireFresh()
  @Limited()
  @ApiConflictResponse({ description: 'The second factor was confirmed before.' })
  confirmSecondFactor(
    @Param('id') id: string,
    @Body() dto: ConfirmSecondFactorDto,
    @CurrentPrincipal() actor: Principal,
  ): Promise<RecoveryCodesDto> {
    return this.factors.confirm(id, dto, actor);
  }

  /** Removes a second factor. With the last one, the recovery codes are removed too. */
  @Delete('second-factors/:id')
  @HttpCode(204)
  @RequireFresh()
  @ApiConflictResponse({ description: 'It is the last one, and the user must have one.' })
  removeSecondFactor(@Param('id') id: string, @CurrentPrincipal() actor: Principal): Promise<void> {
    return this.factors.remove(id, actor);
  }

  /** Creates ten recovery codes, which replace the earlier ones. */
  @Post('recovery-codes')
  @RequireFresh()
  @ApiConflictResponse({ description: 'The user has no second factor.' })
  createRecoveryCodes(@CurrentPrincipal() actor: Principal): Promise<RecoveryCodesDto> {
    return this.factors.renewCodes(actor);
  }
}

/** Second factors of users, for administrators. */
@Controller('users/:name/second-factors')
@ApiTags('users')
@ApiToken()
@RequirePermissions('users:write')
export class UserSecondFactorsController {
  constructor(private readonly factors: SecondFactorResetService) {}

  /**
   * Removes all second factors and recovery codes of a user who has lost them, and revokes all their tokens.
   * The caller needs the same privileges as for setting the user's password. Not for the caller's own user.
   */
  @Delete()
  @RequireFresh()
  @TakesEffect()
  @HttpCode(204)
  @ApiIfMatch({ required: false, of: 'the user' })
  @ApiConflictResponse({ description: 'The user has no second factor. No tokens are revoked.' })
  resetSecondFactors(
    @Param('name') name: string,
    @IfMatch() condition: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<void> {
    return this.factors.reset(name, actor, condition);
  }
}
