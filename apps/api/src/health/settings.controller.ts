import { type Readable } from 'node:stream';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SettingListDto } from '@latchkey/auth-models';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { RequirePermissions } from '../common/request/policy.js';
import { Config } from '../platform/config/config.js';
import { ApiItems } from '../http/openapi/decorators/api-items.js';
import { ApiToken } from '../http/openapi/decorators/api-token.js';
import { sendItems } from '../http/lists/send-items.js';

/** The effective configuration. */
@Controller('settings')
@ApiTags('server')
@ApiToken()
export class SettingsController {
  constructor(private readonly config: Config) {}

  /** Every variable that the server reads, with its value and where that comes from; secrets only as set or not. */
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
