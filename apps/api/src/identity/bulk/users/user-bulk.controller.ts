import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import {
  UserBulkRequestDto,
  UserDto,
  type BulkDryRunResultDto,
  type BulkResultDto,
} from '@latchkey/auth-models';
import { RequirePermissions } from '../../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../../common/request/principal.js';
import { ApiBulk } from '../../../http/openapi/decorators/api-bulk.js';
import { ApiToken } from '../../../http/openapi/decorators/api-token.js';
import { UserBulkService } from './user-bulk.service.js';

const TOKEN_COUNT = {
  type: 'integer',
  description:
    'How many live tokens would stop working: with `disable` those of whoever is enabled. Absent where the action ends none.',
};

const DESCENDANT_COUNT = {
  type: 'integer',
  description:
    'Number of live tokens of other users that were created or rotated with tokens of these users. They are revoked unless `keepDescendants` is true. Only with `delete`.',
};

/** Many users at once. */
@Controller('users/bulk')
@ApiTags('users')
@ApiToken()
export class UserBulkController {
  constructor(private readonly bulk: UserBulkService) {}

  /**
   * Does the same to many users, named or found by a filter, and returns the result for each. Send a filter with
   * `dryRun` first, then its count as `expectedCount`. The dry run also returns how many tokens would stop working. Without
   * `users:read` the server rejects filters, and a dry run has an empty sample and no token counts. The caller is changed as
   * well if they are among the users.
   */
  @Post()
  @HttpCode(200)
  @ApiBulk(UserDto, { tokenCount: TOKEN_COUNT, descendantCount: DESCENDANT_COUNT })
  @ApiConflictResponse({ description: 'More match the filter than expected; nothing was done.' })
  @RequirePermissions('users:write')
  changeUsers(
    @Body() bulk: UserBulkRequestDto,
    @CurrentPrincipal() actor: Principal,
  ): Promise<BulkResultDto | BulkDryRunResultDto<UserDto>> {
    return this.bulk.run(bulk, actor);
  }
}
