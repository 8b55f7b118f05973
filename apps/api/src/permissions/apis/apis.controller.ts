import { type Readable } from 'node:stream';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import {
  ApiDto,
  ApiListQueryDto,
  ChangeApiQueryDto,
  CreateApiDto,
  PageDto,
  PermissionUsageListDto,
  UpdateApiDto,
} from '@latchkey/auth-models';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { FIELDS } from '../../common/request/header-fields.js';
import { RequirePermissions } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { type VersionCondition } from '../../common/request/version-condition.js';
import { ApiItems, ApiPage, ApiToken } from '../../http/openapi/api-decorators.js';
import { TakesEffect } from '../../http/effective-by.service.js';
import { ApiIfMatch, demandVersion, ETag, IfMatch } from '../../http/negotiation/if-match.js';
import { sendItems, sendList } from '../../http/lists/send-list.js';
import { ResourceApiEditingService } from './resource-api-editing.service.js';
import { ResourceApiListService } from './resource-api-list.service.js';

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
  find(
    @Query() query: ApiListQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageDto<ApiDto> | Readable> {
    return sendList(query, this.apis.find(query), request, reply);
  }

  /** Creates an API. */
  @Post()
  @ETag()
  @ApiConflictResponse({ description: 'The name is taken.' })
  @RequirePermissions('apis:write')
  async create(
    @Body() dto: CreateApiDto,
    @CurrentPrincipal() actor: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ApiDto> {
    const api = await this.editing.create(dto, actor);
    reply.header(FIELDS.location, `/apis/${api.name}`);
    return this.apis.describe(api);
  }

  /** Returns an API. */
  @Get(':name')
  @ETag()
  @RequirePermissions('apis:read')
  get(@Param('name') name: string): Promise<ApiDto> {
    return this.apis.get(name);
  }

  /** Lists the roles and counts the tokens that use each permission of an API. */
  @Get(':name/usage')
  @ApiItems(PermissionUsageListDto)
  @RequirePermissions('apis:read')
  async listApiUsage(
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PermissionUsageListDto | Readable> {
    return sendItems(
      await this.apis.findUsage(name),
      ['permission', 'roleCount', 'roles', 'tokenCount'],
      request,
      reply,
    );
  }

  /**
   * Changes an API. If roles or tokens use a permission that the request deletes, it returns 409 with their number. With `force`,
   * it also removes the permission from these roles and tokens. A patch without changes keeps the version.
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
   * Deletes an API with its permissions. If roles or tokens use them, it returns 409 with their number. With `force`, it also removes
   * the permissions from these roles and tokens.
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
