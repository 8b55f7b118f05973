import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import { UserBulkDto, UserDto, type BulkDryRunDto, type BulkResultDto } from '@latchkey/auth-models';
import { RequirePermissions } from '../common/policy.js';
import { CurrentPrincipal, type Principal } from '../common/principal.js';
import { ApiBulk } from '../representation/api-bulk.js';
import { ApiToken } from '../representation/api-token.js';
import { UserBulkService } from './user-bulk.service.js';

const TOKEN_COUNT = {
  type: 'integer',
  description:
    'How many live tokens would stop working: with `disable` those of whoever is enabled. Absent where the action ends none.',
};

const DESCENDANT_COUNT = {
  type: 'integer',
  description:
    'How many live tokens of others were created with tokens of the users, and would be revoked unless `keepDescendants` is true. Only with `delete`.',
};

/** Many users at once. */
@Controller('users/bulk')
@ApiTags('users')
@ApiToken()
export class UserBulkController {
  constructor(private readonly bulk: UserBulkService) {}

  /**
   * Does the same to many users, named or found by a filter, and says of each what came of it. Try a filter with `dryRun`
   * first, and send the count it answers as `expectedCount`; it tells how many tokens would stop working, too. Without `users:read` a
   * filter is rejected, the sample is empty, and it tells of no tokens. Whoever asks is not spared if they are among them.
   */
  @Post()
  @HttpCode(200)
  @ApiBulk(UserDto, { tokenCount: TOKEN_COUNT, descendantCount: DESCENDANT_COUNT })
  @ApiConflictResponse({ description: 'More match the filter than expected; nothing was done.' })
  @RequirePermissions('users:write')
  changeUsers(
    @Body() bulk: UserBulkDto,
    @CurrentPrincipal() actor: Principal,
  ): Promise<BulkResultDto | BulkDryRunDto<UserDto>> {
    return this.bulk.run(bulk, actor);
  }
}
