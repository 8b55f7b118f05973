import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { VerifyFastPath } from './auth/verify/verify-fast-path.service.js';
import { type Config, type Upstream } from './platform/config/config.js';
import { Readiness } from './health/readiness.service.js';
import { createHttpApp } from './http/create-http-app.js';
import { allowOrigins } from './http/server/cors.js';
import { listen, stopOnSignal } from './http/server/run-app.js';
import { type Logger } from './platform/logging/logger.js';
import { Metrics } from './platform/metrics/metrics.service.js';
import { activeTelemetry, startTelemetry } from './platform/telemetry/telemetry.js';
import { VerifierModule } from './verifier/verifier.module.js';

/**
 * Serves verifications for gateways until a signal stops this process.
 *
 * @param socket descriptor of a socket that already listens.
 * @returns the URL of the verifier.
 */
export async function serve(config: Config, logger: Logger, socket: number | undefined): Promise<string> {
  await startTelemetry(config.telemetry, { ...config, serviceName: 'latchkey-verifier' }, logger);
  const app = await createVerifierApp(config, logger);
  if (config.hasMetrics) {
    app.get(Metrics).observeProcess();
  }
  stopOnSignal(app, config, logger, () => app.get(Readiness).stop());
  await listen(app, config, socket);
  return app.getUrl();
}

/** Creates the application of a verifier, ready to listen. Tests use it as well. */
export async function createVerifierApp(config: Config, logger: Logger): Promise<NestFastifyApplication> {
  const { app, server } = await createHttpApp(config, logger, (metrics) =>
    VerifierModule.forRoot(config, config.upstream as Upstream, logger, metrics),
  );
  app.get(VerifyFastPath).install(server, activeTelemetry()?.setCaller);
  await allowOrigins(server, config);
  await app.init();
  await server.ready();
  return app;
}
