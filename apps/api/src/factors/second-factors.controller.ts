import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import {
  AddTotpDto,
  ConfirmSecondFactorDto,
  NewTotpDto,
  RecoveryCodesDto,
  SecondFactorListDto,
} from '@latchkey/auth-models';
import { Limited, RequireOwnAccount, RequirePermissions } from '../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../common/request/principal.js';
import { type VersionCondition } from '../common/request/version-condition.js';
import { TakesEffect } from '../http/effective-by.service.js';
import { ApiIfMatch, IfMatch } from '../http/negotiation/if-match.js';
import { ApiToken } from '../http/openapi/api-decorators.js';
import { ApiCode, Code } from './code-header.js';
import { SecondFactorResetService } from './second-factor-reset.service.js';
import { SecondFactorsService } from './second-factors.service.js';

/** Second factors of the caller. All changes require a session without limits. */
@Controller('me')
@ApiTags('me')
@ApiToken()
@RequireOwnAccount()
export class SecondFactorsController {
  constructor(private readonly factors: SecondFactorsService) {}

  /** Returns the caller's second factors, and the number of unused recovery codes. */
  @Get('second-factors')
  listSecondFactors(@CurrentPrincipal() actor: Principal): Promise<SecondFactorListDto> {
    return this.factors.list(actor);
  }

  /**
   * Creates the secret of an authenticator app (TOTP, RFC 6238). It has no effect until a code confirms it,
   * and replaces an earlier unconfirmed one. The first factor requires the current password; later ones
   * require a code of a factor. Wrong ones count as failed logins.
   */
  @Post('second-factors/totp')
  @Limited()
  @ApiCode()
  @ApiConflictResponse({
    description: 'The user has ten second factors, or the server has no `LATCHKEY_SEAL_KEY`.',
  })
  addTotp(
    @Body() { currentPassword }: AddTotpDto,
    @Code() code: string | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<NewTotpDto> {
    return this.factors.addTotp({ code, currentPassword }, actor);
  }

  /**
   * Confirms a new second factor with its first code. Every later login requires a code; existing sessions
   * and API tokens stay valid. Returns ten recovery codes, unless the user has unused ones.
   */
  @Post('second-factors/:id/confirm')
  @HttpCode(200)
  @Limited()
  @ApiConflictResponse({ description: 'The second factor was confirmed before.' })
  confirmSecondFactor(
    @Param('id') id: string,
    @Body() { code }: ConfirmSecondFactorDto,
    @CurrentPrincipal() actor: Principal,
  ): Promise<RecoveryCodesDto> {
    return this.factors.confirm(id, code, actor);
  }

  /** Removes a second factor. With the last one, the recovery codes are removed too. Requires a code. */
  @Delete('second-factors/:id')
  @HttpCode(204)
  @Limited()
  @ApiCode({ required: true })
  removeSecondFactor(
    @Param('id') id: string,
    @Code() code: string | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<void> {
    return this.factors.remove(id, { code }, actor);
  }

  /** Creates ten recovery codes, which replace the earlier ones. Requires a code. */
  @Post('recovery-codes')
  @Limited()
  @ApiCode({ required: true })
  @ApiConflictResponse({ description: 'The user has no second factor.' })
  createRecoveryCodes(
    @Code() code: string | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<RecoveryCodesDto> {
    return this.factors.renewCodes({ code }, actor);
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
  @TakesEffect()
  @HttpCode(204)
  @ApiIfMatch({ required: false, of: 'the user' })
  resetSecondFactors(
    @Param('name') name: string,
    @IfMatch() condition: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<void> {
    return this.factors.reset(name, actor, condition);
  }
}
