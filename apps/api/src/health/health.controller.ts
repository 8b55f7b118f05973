import { Controller, Get, Res } from '@nestjs/common';
import { HealthDto } from '@latchkey/auth-models';
import { ApiOkResponse, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { Public } from '../common/request/policy.js';
import { Readiness } from './readiness.js';

const RETRY_SECONDS = '2';

/** What supervisors and balancers ask. */
@Controller('health')
@ApiTags('health')
@Public()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** Whether the process is alive; it does not look at the database, which a restart would not mend. */
  @Get('live')
  getLiveness(): HealthDto {
    return { status: 'ok' };
  }

  /** Whether the process can serve; 503 with a reason if not. `remarks` say what somebody should look at although it does. */
  @Get('ready')
  @ApiOkResponse({ type: HealthDto })
  @ApiServiceUnavailableResponse({ type: HealthDto, description: 'It cannot; `reason` says why.' })
  async getReadiness(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthDto> {
    const health = await this.readiness.check();
    if (health.status !== 'ok') {
      reply.status(503).header('retry-after', RETRY_SECONDS);
    }
    return health;
  }
}
