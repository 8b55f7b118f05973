import { type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyInstance } from 'fastify';
import { type Config } from '../platform/config/config.js';
import { type Logger, NestLogger } from '../platform/logging/logger.js';
import { Metrics } from '../platform/metrics/metrics.service.js';
import { activeTelemetry } from '../platform/telemetry/telemetry.js';
import { ApiExceptionFilter } from './problems/api-exception.filter.js';
import { AllowedMethods } from './server/allowed-methods.js';
import { closePipelining } from './server/close-pipelining.js';
import { createServer } from './server/create-server.js';
import { logRequests, measureRequests } from './server/observe-requests.js';
import { UntrustedProxies } from './server/untrusted-proxies.service.js';

/**
 * Creates an application with the limits, the log and the metrics of its requests. Its routes are not yet
 * registered.
 */
export async function createHttpApp(
  config: Config,
  logger: Logger,
  moduleWith: (metrics: Metrics) => DynamicModule,
): Promise<{ app: NestFastifyApplication; server: FastifyInstance }> {
  const server = createServer(config, (error, request, reply) =>
    app.get(ApiExceptionFilter).send(error, request, reply),
  );
  const metrics = new Metrics();
  activeTelemetry()?.observe(server, metrics);
  closePipelining(server.server, metrics);
  logRequests(server, logger, config.tokenPrefix);
  if (config.hasMetrics) {
    measureRequests(server, metrics);
  }
  const app = await NestFactory.create<NestFastifyApplication>(
    moduleWith(metrics),
    new FastifyAdapter(server),
    { logger: new NestLogger(logger), bodyParser: false, abortOnError: false },
  );
  app.get(AllowedMethods).collectFrom(server);
  app.get(UntrustedProxies).watch(server);
  return { app, server };
}
