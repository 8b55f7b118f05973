import { Body, Controller, Get, HttpCode, Patch, Put } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import { ChangePasswordDto, MeDto, UpdateMeDto } from '@latchkey/auth-models';
import { Limited, RequirePermissions } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { type VersionCondition } from '../../common/request/version-condition.js';
import { ApiToken } from '../../http/openapi/api-decorators.js';
import { ApiIfMatch, demandVersion, ETag, IfMatch } from '../../http/negotiation/if-match.js';
import { AccountService } from './account.service.js';
import { MyPasswordService } from './my-password.service.js';

/** One's own account. No role is needed. */
@Controller('me')
@ApiTags('me')
@ApiToken()
@RequirePermissions()
export class MeController {
  constructor(
    private readonly account: AccountService,
    private readonly password: MyPasswordService,
  ) {}

  /** The caller's own account, with what the presented token may do. */
  @Get()
  @ETag()
  get(@CurrentPrincipal() actor: Principal): Promise<MeDto> {
    return this.account.profile(actor);
  }

  /**
   * Changes the caller's own display name and e-mail address. A patch that changes nothing leaves the version as it is. A
   * token that is limited to some permissions needs `users:write`.
   */
  @Patch()
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
   * Changes the caller's own password, and ends all their tokens but the presented one. A wrong current password counts
   * like a failed log-in. A token that is limited to some permissions needs `tokens:write`.
   */
  @Put('password')
  @HttpCode(204)
  @ApiConflictResponse({ description: 'The password was changed, or the tokens were ended, meanwhile.' })
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
