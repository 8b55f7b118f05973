import { applyDecorators, Controller, Get, Res, type Type } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { Public, RequirePermissions } from '../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../common/request/principal.js';
import { type Config } from '../platform/config/config.js';
import { Metrics } from '../platform/metrics/metrics.service.js';
import { ApiToken } from '../http/openapi/api-decorators.js';
import { RepresentedAs } from '../http/negotiation/route-representation.js';

/** Route policies by `LATCHKEY_METRICS`. */
const POLICIES = {
  open: Public(),
  token: applyDecorators(RequirePermissions('metrics:read'), ApiToken()),
} as const;

/** Returns the controller of the metrics, or none if they are off. */
export function metricsControllers({ metrics }: Config): Type[] {
  return metrics === 'off' ? [] : [controllerFor(POLICIES[metrics])];
}

function controllerFor(policy: MethodDecorator): Type {
  /** Metrics for Prometheus. */
  @Controller('metrics')
  @ApiTags('health')
  class MetricsController {
    constructor(private readonly metrics: Metrics) {}

    /**
     * Returns the metrics of the process in the Prometheus text format. Requires `metrics:read`, unless
     * `LATCHKEY_METRICS` is `open`.
     */
    @Get()
    @policy
    @RepresentedAs({ isFixedType: true })
    @ApiProduces('text/plain')
    @ApiOkResponse({ schema: { type: 'string' }, description: 'Metrics, one per line.' })
    async getMetrics(
      @CurrentPrincipal() caller: Principal | undefined,
      @Res() reply: FastifyReply,
    ): Promise<void> {
      const text = await this.metrics.text(caller?.token?.expirationTime ?? null);
      await reply.type(this.metrics.contentType).send(text);
    }
  }
  return MetricsController;
}
