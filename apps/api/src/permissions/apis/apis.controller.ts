import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import {
  ApiDto,
  ApiListQueryDto,
  ChangeApiQueryDto,
  CreateApiDto,
  type PermissionUsageDto,
  PermissionUsageListDto,
  UpdateApiDto,
} from '@latchkey/auth-models';
import { RequirePermissions } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { type VersionCondition } from '../../common/request/version-condition.js';
import { ApiItems, ApiPage, ApiToken } from '../../http/openapi/api-decorators.js';
import { TakesEffect } from '../../http/effective-by.service.js';
import { Location } from '../../http/location.js';
import { ApiIfMatch, demandVersion, ETag, IfMatch } from '../../http/negotiation/if-match.js';
import { type SendableList, type WholeList, wholeList } from '../../http/lists/send-list.js';
import { ResourceApiEditingService } from './resource-api-editing.service.js';
import { ResourceApiListService } from './resource-api-list.service.js';
import { USAGE_COLUMNS } from './resource-api-uses.service.js';

/** APIs and their permissions, which roles grant and tokens can be limited to. */
@Controller('apis')
@ApiTags('apis')
@ApiToken()
export class ApisController {
  constructor(
    private readonly apis: ResourceApiListService,
    private readonly editing: ResourceApiEditingService,
  ) {}

  /** Lists APIs with their permissions, one page at a time. Parts of the server itself are built-in APIs. */
  @Get()
  @ApiPage(ApiDto)
  @RequirePermissions('apis:read')
  find(@Query() query: ApiListQueryDto): SendableList<ApiDto> {
    return this.apis.find(query);
  }

  /** Creates an API. */
  @Post()
  @ETag()
  @Location('/apis', 'name')
  @ApiConflictResponse({ description: 'The name is taken.' })
  @RequirePermissions('apis:write')
  async create(@Body() dto: CreateApiDto, @CurrentPrincipal() actor: Principal): Promise<ApiDto> {
    const api = await this.editing.create(dto, actor);
    return this.apis.describe(api);
  }

  /** Returns an API. */
  @Get(':name')
  @ETag()
  @RequirePermissions('apis:read')
  get(@Param('name') name: string): Promise<ApiDto> {
    return this.apis.get(name);
  }

  /**
   * Lists the roles and counts the tokens that use each permission of an API, with the numbers of users and
   * API tokens that have it.
   */
  @Get(':name/usage')
  @ApiItems(PermissionUsageListDto)
  @RequirePermissions('apis:read')
  async listApiUsage(
    @Param('name') name: string,
    @CurrentPrincipal() actor: Principal,
  ): Promise<WholeList<PermissionUsageDto>> {
    return wholeList(await this.apis.findUsage(name, actor), USAGE_COLUMNS);
  }

  /**
   * Changes an API. If roles or tokens use a permission that the request deletes, it returns 409 with their
   * number. With `force`, it also removes the permission from these roles and tokens. A patch without changes
   * keeps the version.
   */
  @Patch(':name')
  @TakesEffect()
  @ETag()
  @ApiConflictResponse({
    description: 'The API is built in, a deleted permission is in use, or the version in the body is stale.',
  })
  @ApiIfMatch({ required: true })
  @RequirePermissions('apis:write')
  async update(
    @Param('name') name: string,
    @Body() change: UpdateApiDto,
    @Query() options: ChangeApiQueryDto,
    @IfMatch() ifMatch: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<ApiDto> {
    const condition = demandVersion(ifMatch, change.version);
    return this.apis.describe(await this.editing.update(name, change, options, condition, actor));
  }

  /**
   * Deletes an API with its permissions. If roles or tokens use them, it returns 409 with their number. With
   * `force`, it also removes the permissions from these roles and tokens.
   */
  @Delete(':name')
  @TakesEffect()
  @ApiConflictResponse({ description: 'The API is built in, or a permission is in use.' })
  @HttpCode(204)
  @ApiIfMatch({ required: false })
  @RequirePermissions('apis:write')
  delete(
    @Param('name') name: string,
    @Query() options: ChangeApiQueryDto,
    @IfMatch() ifMatch: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<void> {
    return this.editing.delete(name, options, ifMatch, actor);
  }
}
