import { Controller, Get, Query, Res } from '@nestjs/common';
import { HealthDto, HealthQueryDto } from '@latchkey/auth-models';
import { ApiOkResponse, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { FIELDS } from '../common/request/header-fields.js';
import { Public } from '../common/request/policy.js';
import { Readiness } from './readiness.service.js';

const RETRY_SECONDS = '2';

/** Health checks for supervisors and load balancers. */
@Controller('health')
@ApiTags('health')
@Public()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /**
   * Returns 200 while the process runs. Ignores the database, as a restart of the server would not fix it.
   */
  @Get('live')
  getLiveness(): HealthDto {
    return { status: 'ok' };
  }

  /**
   * Returns 200 if the process can serve requests, else 503 with a reason, for example while the database
   * accepts no changes. `remarks` lists problems that need attention.
   */
  @Get('ready')
  @ApiOkResponse({ type: HealthDto })
  @ApiServiceUnavailableResponse({
    type: HealthDto,
    description: 'The process cannot serve requests. `reason` names the cause.',
  })
  async getReadiness(
    @Query() { writes }: HealthQueryDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<HealthDto> {
    const health = await this.readiness.check(writes === 'optional');
    if (health.status !== 'ok') {
      reply.status(503).header(FIELDS.retryAfter, RETRY_SECONDS);
    }
    return health;
  }
}
