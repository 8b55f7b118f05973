import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import { ImportResultDto, ImportUsersDto, NewUserDto } from '@latchkey/auth-models';
import { RequireFresh, RequirePermissions } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { JSON_BODY, LARGE_JSON_BODY, type BodyFormat } from '../../http/bodies/body-format.js';
import { withItems } from '../../http/bodies/body-shape.js';
import { RepresentedAs } from '../../http/negotiation/route-representation.js';
import { ApiToken } from '../../http/openapi/api-decorators.js';
import { UserImportService } from './user-import.service.js';

const USERS_BODY: BodyFormat = {
  ...LARGE_JSON_BODY,
  parse: (bytes, shape, mediaType) =>
    JSON_BODY.parse(bytes, withItems(shape, 'users', NewUserDto), mediaType),
};

/** Import of users, for administrators. */
@Controller('users/import')
@ApiTags('users')
@ApiToken()
export class UserImportController {
  constructor(private readonly imports: UserImportService) {}

  /**
   * Imports users: it creates all of them, or none. With `dryRun`, it only checks them. Either way,
   * `problems` has the errors of all users. To import password hashes, use `latchkey import-users` on the
   * server.
   */
  @Post()
  @RequireFresh()
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
