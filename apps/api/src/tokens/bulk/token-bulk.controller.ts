import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import {
  TokenBulkRequestDto,
  UserTokenDto,
  type BulkDryRunResultDto,
  type BulkResultDto,
} from '@latchkey/auth-models';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import { RequireFresh, RequirePermissions } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { TakesEffect } from '../../http/effective-by.service.js';
import { LARGE_JSON_BODY } from '../../http/bodies/body-format.js';
import { RepresentedAs } from '../../http/negotiation/route-representation.js';
import { ApiBulk, ApiToken } from '../../http/openapi/api-decorators.js';
import { TokenBulkService } from './token-bulk.service.js';

/** Bulk changes of tokens. */
@Controller('tokens/bulk')
@ApiTags('tokens')
@ApiToken()
@RequirePermissions()
export class TokenBulkController {
  constructor(private readonly bulk: TokenBulkService) {}

  /**
   * Changes many tokens, by id or by filter, and returns a result for each. Tokens of other users require
   * `tokens:read` and `tokens:write`. Send a filter with `dryRun` first, then its count as `expectedCount`.
   * With both permissions, and a token without limits,
   * `{"action": "revoke", "filter": {}, "keepCurrent": true}` revokes all tokens of all users except the
   * presented one, and returns only the count. With `keepCurrent`, `true` or `false`, it requires no
   * `expectedCount`. Leaked tokens cannot be enabled before they are rotated: `conflict`.
   */
  @Post()
  @RequireFresh()
  @TakesEffect()
  @HttpCode(200)
  @RepresentedAs({ bodyAs: LARGE_JSON_BODY })
  @ApiBulk(UserTokenDto)
  @ApiConflictResponse({ description: 'More tokens match the filter than expected. Nothing was changed.' })
  changeTokens(
    @Body() bulk: TokenBulkRequestDto,
    @CurrentPrincipal() actor: Principal,
  ): Promise<BulkResultDto | BulkDryRunResultDto<UserTokenDto>> {
    return this.bulk.run(bulk, actor);
  }
}
