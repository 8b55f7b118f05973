import { Body, Controller, Get, HttpCode, Patch, Put } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import { ChangePasswordDto, MeDto, UpdateMeDto } from '@latchkey/auth-models';
import { AllowEnrolment, Limited, RequireFresh, RequireOwnAccount } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { type VersionCondition } from '../../common/request/version-condition.js';
import { ApiToken } from '../../http/openapi/api-decorators.js';
import { TakesEffect } from '../../http/effective-by.service.js';
import { ApiIfMatch, demandVersion, ETag, IfMatch } from '../../http/negotiation/if-match.js';
import { AccountService } from './account.service.js';
import { MyPasswordService } from './my-password.service.js';

/** The caller's own account. It needs no role. */
@Controller('me')
@ApiTags('me')
@ApiToken()
@RequireOwnAccount()
export class MeController {
  constructor(
    private readonly account: AccountService,
    private readonly password: MyPasswordService,
  ) {}

  /** Returns the caller's own account, with the presented token and its permissions. */
  @Get()
  @AllowEnrolment()
  @ETag()
  get(@CurrentPrincipal() actor: Principal): Promise<MeDto> {
    return this.account.profile(actor);
  }

  /**
   * Changes the caller's own display name and e-mail address. A patch without changes keeps the version. If
   * the token is limited to some permissions, this requires `users:write`. API tokens cannot change
   * the e-mail address, because links to choose a password go there.
   */
  @Patch()
  @RequireFresh()
  @ETag()
  @ApiIfMatch({ required: true })
  update(
    @Body() patch: UpdateMeDto,
    @IfMatch() ifMatch: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<MeDto> {
    return this.account.update(patch, demandVersion(ifMatch, patch.version), actor);
  }

  /**
   * Changes the caller's own password and revokes all their tokens except the presented one. A wrong current
   * password counts as a failed login. If the token is limited to some permissions, this requires
   * `tokens:write`.
   */
  @Put('password')
  @RequireFresh()
  @TakesEffect()
  @HttpCode(204)
  @ApiConflictResponse({
    description: 'The password was changed or the tokens were revoked in the meantime.',
  })
  @Limited()
  @ApiIfMatch({ required: false, of: '`GET /me`' })
  changePassword(
    @Body() change: ChangePasswordDto,
    @IfMatch() condition: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<void> {
    return this.password.change(change, actor, condition);
  }
}
