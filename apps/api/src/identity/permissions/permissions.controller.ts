import { type Readable } from 'node:stream';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { PermissionListDto } from '@latchkey/auth-models';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { RequirePermissions } from '../../common/request/policy.js';
import { ApiItems, ApiToken } from '../../http/openapi/api-decorators.js';
import { sendItems } from '../../http/lists/send-list.js';
import { PermissionRegistry } from './permission-registry.js';

/** List of permissions. */
@Controller('permissions')
@ApiTags('roles')
@ApiToken()
export class PermissionsController {
  constructor(private readonly registry: PermissionRegistry) {}

  /** Lists all permissions, those of feature modules too, each with a description. */
  @Get()
  @ApiItems(PermissionListDto)
  @RequirePermissions('roles:read')
  find(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): PermissionListDto | Readable {
    return sendItems(this.registry.definitions(), ['name', 'description'], request, reply);
  }
}
