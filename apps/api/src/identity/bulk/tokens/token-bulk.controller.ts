import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import {
  TokenBulkRequestDto,
  UserTokenDto,
  type BulkDryRunResultDto,
  type BulkResultDto,
} from '@latchkey/auth-models';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import { RequirePermissions } from '../../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../../common/request/principal.js';
import { ApiBulk } from '../../../http/openapi/decorators/api-bulk.js';
import { ApiToken } from '../../../http/openapi/decorators/api-token.js';
import { TokenBulkService } from './token-bulk.service.js';

/** Many tokens at once. */
@Controller('tokens/bulk')
@ApiTags('tokens')
@ApiToken()
@RequirePermissions()
export class TokenBulkController {
  constructor(private readonly bulk: TokenBulkService) {}

  /**
   * Does the same to many tokens, named or found by a filter, and says of each what came of it: one's own, and with
   * `tokens:read` and `tokens:write` those of others. Try a filter with `dryRun` first, and send the count it answers as `expectedCount`.
   * With `tokens:read` and `tokens:write`, `{"action": "revoke", "filter": {}, "keepCurrent": true}` ends everybody else's at
   * once, and answers with the count alone; it needs no `expectedCount` if it says `keepCurrent`, `true` or `false`.
   */
  @Post()
  @HttpCode(200)
  @ApiBulk(UserTokenDto)
  @ApiConflictResponse({ description: 'More match the filter than expected; nothing was done.' })
  changeTokens(
    @Body() bulk: TokenBulkRequestDto,
    @CurrentPrincipal() actor: Principal,
  ): Promise<BulkResultDto | BulkDryRunResultDto<UserTokenDto>> {
    return this.bulk.run(bulk, actor);
  }
}
