import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import { IMPORTED_USERS_MAX, ImportResultDto, ImportUsersDto, NewUserDto } from '@latchkey/auth-models';
import { RequirePermissions } from '../../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../../common/request/principal.js';
import { JSON_BODY, type BodyFormat } from '../../../http/bodies/body-format.js';
import { RepresentedAs } from '../../../http/negotiation/route-representation.js';
import { ApiToken } from '../../../http/openapi/api-decorators.js';
import { ImportBatchService } from './import-batch.service.js';

/** Members and array items of a user that fit into an import. Most have five members and one role. */
const VALUES_PER_USER = 12;

const USERS_BODY: BodyFormat = {
  ...JSON_BODY,
  parse: (bytes, valuesMax, mediaType) =>
    JSON_BODY.parse(bytes, valuesMax + IMPORTED_USERS_MAX * VALUES_PER_USER, mediaType),
};

/** Import of users, for administrators. */
@Controller('users/import')
@ApiTags('users')
@ApiToken()
export class UserImportController {
  constructor(private readonly imports: ImportBatchService) {}

  /**
   * Imports users: it creates all of them, or none. With `dryRun`, it only checks them. Either way, `problems` has the errors
   * of all users. To import password hashes, use `latchkey import-users` on the server.
   */
  @Post()
  @HttpCode(200)
  @RepresentedAs({ bodyAs: USERS_BODY })
  @ApiConflictResponse({ description: 'The name of one of the users was taken while the request ran.' })
  @RequirePermissions('users:write')
  async importUsers(
    @Body() { users, dryRun = false, skipExisting = false }: ImportUsersDto,
    @CurrentPrincipal() actor: Principal,
  ): Promise<ImportResultDto> {
    const rows = users.map((user, line) => ({ line, user }));
    const options = {
      isDryRun: dryRun,
      isSkippingExisting: skipExisting,
      hasCheckedNames: false,
      type: NewUserDto,
    };
    const { imported, skipped, problems } = await this.imports.run(rows, options, actor);
    return {
      imported,
      // Without `skipExisting`, existing users are reported as problems.
      skipped: skipExisting ? skipped : 0,
      problems: problems.map(({ line, ...problem }) => ({ index: line, ...problem })),
    };
  }
}
