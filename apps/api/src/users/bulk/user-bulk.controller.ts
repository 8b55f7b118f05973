import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import {
  UserBulkRequestDto,
  UserDto,
  type BulkDryRunResultDto,
  type BulkResultDto,
} from '@latchkey/auth-models';
import { TakesEffect } from '../../http/effective-by.service.js';
import { RequireFresh, RequirePermissions } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { LARGE_JSON_BODY } from '../../http/bodies/body-format.js';
import { RepresentedAs } from '../../http/negotiation/route-representation.js';
import { ApiBulk, ApiToken } from '../../http/openapi/api-decorators.js';
import { UserBulkService } from './user-bulk.service.js';

const TOKEN_COUNT = {
  type: 'integer',
  description:
    'Number of live tokens that would stop working. `disable` counts those of enabled users only. Absent for other actions than `disable`, `delete` and `revokeTokens`.',
};

const DESCENDANT_COUNT = {
  type: 'integer',
  description:
    'Number of live tokens of other users that were created or rotated with tokens of these users. They are revoked unless `keepDescendants` is true. Only with `delete`.',
};

/** Bulk changes of users. */
@Controller('users/bulk')
@ApiTags('users')
@ApiToken()
export class UserBulkController {
  constructor(private readonly bulk: UserBulkService) {}

  /**
   * Changes many users, by name or by filter, and returns a result for each. Send a filter with `dryRun`
   * first, then its count as `expectedCount`. The dry run also returns the number of tokens that would stop
   * working. Without `users:read` the server rejects filters, and a dry run has an empty sample and no token
   * counts. The caller can be among the users.
   */
  @Post()
  @RequireFresh()
  @TakesEffect()
  @HttpCode(200)
  @RepresentedAs({ bodyAs: LARGE_JSON_BODY })
  @ApiBulk(UserDto, { tokenCount: TOKEN_COUNT, descendantCount: DESCENDANT_COUNT })
  @ApiConflictResponse({ description: 'More users match the filter than expected. Nothing was changed.' })
  @RequirePermissions('users:write')
  changeUsers(
    @Body() bulk: UserBulkRequestDto,
    @CurrentPrincipal() actor: Principal,
  ): Promise<BulkResultDto | BulkDryRunResultDto<UserDto>> {
    return this.bulk.run(bulk, actor);
  }
}
