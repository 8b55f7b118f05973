import { applyDecorators, Controller, Get, Res, type Type } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { Public, RequirePermissions } from '../common/request/policy.js';
import { type Config } from '../platform/config/config.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { ApiToken } from '../http/openapi/decorators/api-token.js';
import { RepresentedAs } from '../http/negotiation/route-representation.js';

/** Who may read the metrics, by what `LATCHKEY_METRICS` says; nobody can where it is `off`. */
const POLICIES = {
  open: Public(),
  token: applyDecorators(RequirePermissions('metrics:read'), ApiToken()),
} as const;

/** The controllers that serve the metrics: one, or none where they are off. */
export function metricsControllers({ metrics }: Config): Type[] {
  return metrics === 'off' ? [] : [controllerFor(POLICIES[metrics])];
}

function controllerFor(policy: MethodDecorator): Type {
  /** What Prometheus asks. */
  @Controller('metrics')
  @ApiTags('health')
  class MetricsController {
    constructor(private readonly metrics: Metrics) {}

    /** The figures of this process in the text format of Prometheus. Its permission is `metrics:read`, unless they are open. */
    @Get()
    @policy
    @RepresentedAs({ isFixedType: true })
    @ApiProduces('text/plain')
    @ApiOkResponse({ schema: { type: 'string' }, description: 'Metrics, one a line.' })
    async getMetrics(@Res() reply: FastifyReply): Promise<void> {
      await reply.type(this.metrics.contentType).send(await this.metrics.text());
    }
  }
  return MetricsController;
}
