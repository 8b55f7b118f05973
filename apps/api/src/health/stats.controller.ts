import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { StatsDto } from '@latchkey/auth-models';
import { RequirePermissions } from '../common/request/policy.js';
import { ApiToken } from '../http/openapi/api-decorators.js';
import { StatsService } from './stats.service.js';

/** Statistics for the home page. */
@Controller('stats')
@ApiTags('server')
@ApiToken()
export class StatsController {
  constructor(private readonly stats: StatsService) {}

  /** Returns numbers of users and live tokens, users with unusually many sessions, and logins per day. */
  @Get()
  @RequirePermissions('stats:read')
  getStats(): Promise<StatsDto> {
    return this.stats.gather();
  }
}
