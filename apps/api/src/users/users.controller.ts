import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import {
  CreateUserDto,
  DeleteUserQueryDto,
  UpdateUserDto,
  UserDto,
  UserListQueryDto,
} from '@latchkey/auth-models';
import { TakesEffect } from '../http/effective-by.service.js';
import { RequireFresh, RequirePermissions } from '../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../common/request/principal.js';
import { type VersionCondition } from '../common/request/version-condition.js';
import { ApiPage, ApiToken } from '../http/openapi/api-decorators.js';
import { Location } from '../http/location.js';
import { ApiIfMatch, demandVersion, ETag, IfMatch } from '../http/negotiation/if-match.js';
import { type SendableList } from '../http/lists/send-list.js';
import { UserEditingService } from './user-editing.service.js';
import { toUserDto } from './model/user.mapper.js';
import { UserCreationService } from './user-creation.service.js';
import { UserListService } from './list/user-list.service.js';
import { UserRemovalService } from './user-removal.service.js';

/** Users, for administrators. Paths accept a name in any spelling. */
@Controller('users')
@ApiTags('users')
@ApiToken()
export class UsersController {
  constructor(
    private readonly users: UserCreationService,
    private readonly list: UserListService,
    private readonly editing: UserEditingService,
    private readonly removal: UserRemovalService,
  ) {}

  /** Lists users, one page at a time. */
  @Get()
  @ApiPage(UserDto)
  @RequirePermissions('users:read')
  find(@Query() query: UserListQueryDto, @CurrentPrincipal() actor: Principal): SendableList<UserDto> {
    return this.list.find(query, actor);
  }

  /**
   * Creates a user. The caller must hold every permission of the roles, and each role itself or
   * `roles:write`. The role `user` needs neither.
   */
  @Post()
  @RequireFresh()
  @ETag()
  @Location('/users', 'name')
  @ApiConflictResponse({
    description: 'The name is taken, perhaps in another spelling, or looks like the name of another user.',
  })
  @RequirePermissions('users:write')
  async create(@Body() dto: CreateUserDto, @CurrentPrincipal() actor: Principal): Promise<UserDto> {
    const { user, roles } = await this.users.create(dto, actor);
    return toUserDto(user, roles, 0);
  }

  /** Returns a user. */
  @Get(':name')
  @ETag()
  @RequirePermissions('users:read')
  get(@Param('name') name: string): Promise<UserDto> {
    return this.list.get(name);
  }

  /**
   * Changes a user. To change roles or the e-mail address, or to enable or disable a user, the caller must
   * hold every permission that the user holds, and the user's roles or `roles:write`. A patch without changes
   * keeps the version.
   */
  @Patch(':name')
  @RequireFresh()
  @ETag()
  @TakesEffect()
  @ApiIfMatch({ required: true })
  @ApiConflictResponse({
    description: 'The version in the body is stale, or no administrator who can sign in would be left.',
  })
  @RequirePermissions('users:write')
  async update(
    @Param('name') name: string,
    @Body() patch: UpdateUserDto,
    @IfMatch() ifMatch: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<UserDto> {
    const changed = await this.editing.update(name, patch, demandVersion(ifMatch, patch.version), actor);
    return this.list.withTokens(changed);
  }

  /**
   * Deletes a user and their tokens. The name can be used again. The deletion also revokes tokens of other
   * users that were created or rotated with the user's tokens, unless `keepDescendants` is true. A dry run of
   * `POST /users/bulk` returns their number.
   */
  @Delete(':name')
  @RequireFresh()
  @HttpCode(204)
  @TakesEffect()
  @ApiIfMatch({ required: false })
  @ApiConflictResponse({ description: 'No administrator who can sign in would be left.' })
  @RequirePermissions('users:write')
  delete(
    @Param('name') name: string,
    @Query() { keepDescendants }: DeleteUserQueryDto,
    @IfMatch() ifMatch: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<void> {
    return this.removal.remove(name, ifMatch, { keepDescendants }, actor);
  }
}
