import { type Readable } from 'node:stream';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SettingListDto } from '@latchkey/auth-models';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { RequirePermissions } from '../common/request/policy.js';
import { Config } from '../platform/config/config.js';
import { ApiItems, ApiToken } from '../http/openapi/api-decorators.js';
import { sendItems } from '../http/lists/send-list.js';

/** Effective configuration. */
@Controller('settings')
@ApiTags('server')
@ApiToken()
export class SettingsController {
  constructor(private readonly config: Config) {}

  /** Returns all variables with their values and sources. For secrets, only whether they are set. */
  @Get()
  @ApiItems(SettingListDto)
  @RequirePermissions('settings:read')
  find(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): SettingListDto | Readable {
    return sendItems([...this.config.settings], ['name', 'source', 'isSet', 'value'], request, reply);
  }
}
