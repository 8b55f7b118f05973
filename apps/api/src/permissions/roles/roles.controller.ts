import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import {
  CreateRoleDto,
  type PermissionUsageDto,
  PermissionUsageListDto,
  RoleDto,
  RoleListQueryDto,
  UpdateRoleDto,
} from '@latchkey/auth-models';
import { RequireFresh, RequirePermissions } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { type VersionCondition } from '../../common/request/version-condition.js';
import { ApiItems, ApiPage, ApiToken } from '../../http/openapi/api-decorators.js';
import { TakesEffect } from '../../http/effective-by.service.js';
import { Location } from '../../http/location.js';
import { ApiIfMatch, demandVersion, ETag, IfMatch } from '../../http/negotiation/if-match.js';
import { type SendableList, type WholeList, wholeList } from '../../http/lists/send-list.js';
import { USAGE_COLUMNS } from '../apis/resource-api-uses.service.js';
import { RoleEditingService } from './role-editing.service.js';
import { RoleListService } from './role-list.service.js';

/** Roles, which are named sets of permissions. */
@Controller('roles')
@ApiTags('roles')
@ApiToken()
export class RolesController {
  constructor(
    private readonly roles: RoleListService,
    private readonly editing: RoleEditingService,
  ) {}

  /** Lists roles, one page at a time. */
  @Get()
  @ApiPage(RoleDto)
  @RequirePermissions('roles:read')
  find(@Query() query: RoleListQueryDto): SendableList<RoleDto> {
    return this.roles.find(query);
  }

  /** Creates a role. The caller must hold all its permissions. A role without permissions is a label. */
  @Post()
  @RequireFresh()
  @ETag()
  @Location('/roles', 'name')
  @ApiConflictResponse({ description: 'The name is taken.' })
  @RequirePermissions('roles:write')
  async create(@Body() dto: CreateRoleDto, @CurrentPrincipal() actor: Principal): Promise<RoleDto> {
    const role = await this.editing.create(dto, actor);
    return this.roles.describe(role);
  }

  /** Returns a role. */
  @Get(':name')
  @ETag()
  @RequirePermissions('roles:read')
  get(@Param('name') name: string): Promise<RoleDto> {
    return this.roles.get(name);
  }

  /** Lists the uses of each permission of a role, with the numbers of users and API tokens that have it. */
  @Get(':name/usage')
  @ApiItems(PermissionUsageListDto)
  @RequirePermissions('roles:read')
  async listRoleUsage(
    @Param('name') name: string,
    @CurrentPrincipal() actor: Principal,
  ): Promise<WholeList<PermissionUsageDto>> {
    return wholeList(await this.roles.findUsage(name, actor), USAGE_COLUMNS);
  }

  /**
   * Changes a role, with effect from the holders' next request. The caller must hold all its permissions,
   * before and after the change. The change must not add or remove permissions of holders who hold more than
   * the caller, or decide whether they need a second factor. A patch without changes keeps the version.
   */
  @Patch(':name')
  @RequireFresh()
  @TakesEffect()
  @ETag()
  @ApiConflictResponse({ description: 'The role is built in, or was changed since `version` was read.' })
  @ApiIfMatch({ required: true })
  @RequirePermissions('roles:write')
  async update(
    @Param('name') name: string,
    @Body() change: UpdateRoleDto,
    @IfMatch() ifMatch: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<RoleDto> {
    const role = await this.editing.update(name, change, demandVersion(ifMatch, change.version), actor);
    return this.roles.describe(role);
  }

  /** Deletes a role. Returns 409 with the number of holders if the role is in use. */
  @Delete(':name')
  @RequireFresh()
  @TakesEffect()
  @ApiConflictResponse({ description: 'The role is built in or in use.' })
  @HttpCode(204)
  @ApiIfMatch({ required: false })
  @RequirePermissions('roles:write')
  delete(
    @Param('name') name: string,
    @IfMatch() ifMatch: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<void> {
    return this.editing.delete(name, ifMatch, actor);
  }
}
