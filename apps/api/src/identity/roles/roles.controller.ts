import { type Readable } from 'node:stream';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import { CreateRoleDto, PageDto, RoleDto, RoleListQueryDto, UpdateRoleDto } from '@latchkey/auth-models';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { RequirePermissions } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { type VersionCondition } from '../../common/request/version-condition.js';
import { ApiPage, ApiToken } from '../../http/openapi/api-decorators.js';
import { ApiIfMatch, demandVersion, ETag, IfMatch } from '../../http/negotiation/if-match.js';
import { sendList } from '../../http/lists/send-list.js';
import { RoleEditingService } from './role-editing.service.js';
import { RoleListService } from './role-list.service.js';

/** Roles: names for sets of permissions. */
@Controller('roles')
@ApiTags('roles')
@ApiToken()
export class RolesController {
  constructor(
    private readonly roles: RoleListService,
    private readonly editing: RoleEditingService,
  ) {}

  /** One page of the roles that match. */
  @Get()
  @ApiPage(RoleDto)
  @RequirePermissions('roles:read')
  find(
    @Query() query: RoleListQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageDto<RoleDto> | Readable> {
    return sendList(query, this.roles.find(query), request, reply);
  }

  /** Makes a role of permissions that the caller holds; one without any is a label. */
  @Post()
  @ETag()
  @ApiConflictResponse({ description: 'The name is taken.' })
  @RequirePermissions('roles:write')
  async create(
    @Body() dto: CreateRoleDto,
    @CurrentPrincipal() actor: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RoleDto> {
    const role = await this.editing.create(dto, actor);
    reply.header('location', `/roles/${role.name}`);
    return this.roles.describe(role);
  }

  /** One role. */
  @Get(':name')
  @ETag()
  @RequirePermissions('roles:read')
  get(@Param('name') name: string): Promise<RoleDto> {
    return this.roles.get(name);
  }

  /**
   * Changes a role, for its holders from their next request on. The caller holds all that it gives, before and after;
   * and nobody who holds more than they do gains or loses by it. A patch that changes nothing leaves the version as it is.
   */
  @Patch(':name')
  @ETag()
  @ApiConflictResponse({ description: 'The role is built in, or has been changed since `version` was read.' })
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

  /** Deletes a role that nobody holds; one in use is refused with the number of holders. */
  @Delete(':name')
  @ApiConflictResponse({ description: 'The role is built in, or somebody holds it.' })
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
