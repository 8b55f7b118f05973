import fastifyStatic from '@fastify/static';
import { DiscoveryService } from '@nestjs/core';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type ModuleMetadata } from '@nestjs/common';
import { ApiDocument } from './http/openapi/api-document.js';
import { AppModule } from './app.module.js';
import { AuthModule } from './auth/auth.module.js';
import { clearSessionCookieOnLogout } from './auth/guards/session-cookie.guard.js';
import { VerifyFastPath } from './auth/verify/verify-fast-path.service.js';
import { type Config } from './platform/config/config.js';
import { ConfigurationError } from './common/application-error.js';
import { CONSOLE_FOLDER } from './console/console.controller.js';
import { createHttpApp } from './http/create-http-app.js';
import { HttpModule } from './http/http.module.js';
import { allowOrigins } from './http/server/cors.js';
import { sendRateLimits } from './throttle/rate-limit-headers.js';
import { type Logger } from './platform/logging/logger.js';
import { activeTelemetry } from './platform/telemetry/telemetry.js';

/**
 * Creates the application, ready to listen. Tests use it as well.
 *
 * @param start registers the routes, and by default calls the hooks of a start.
 */
export async function createApp(
  config: Config,
  logger: Logger,
  features?: ModuleMetadata['imports'],
  start: (app: NestFastifyApplication) => Promise<unknown> = (app) => app.init(),
): Promise<NestFastifyApplication> {
  const { app, server } = await createHttpApp(config, logger, (metrics) =>
    AppModule.forRoot(config, logger, metrics, features),
  );
  app.get(VerifyFastPath, { strict: false }).install(server, activeTelemetry()?.setCaller);
  clearSessionCookieOnLogout(server);
  sendRateLimits(server);
  await allowOrigins(server, config);
  // Adds `reply.sendFile`. Controllers call it, so that requests for files pass the guards.
  // The build writes a `.br` and a `.gz` beside each file, which are sent according to `Accept-Encoding`.
  await app.register(fastifyStatic, { root: CONSOLE_FOLDER, serve: false, preCompressed: true });
  app.get(ApiDocument).describe(app);
  try {
    rejectOtherGlobalGuards(app);
    await start(app);
    await server.ready();
  } catch (error) {
    // Otherwise the database would stay open, and locked, for the life of the process.
    await app.close();
    throw error;
  }
  return app;
}

/**
 * Rejects a global guard of a feature module: the fast path of `GET /auth/verify` accepts cached tokens
 * before Nest runs any guard.
 */
function rejectOtherGlobalGuards(app: NestFastifyApplication): void {
  const guards = app
    .get(DiscoveryService, { strict: false })
    .getProviders()
    .filter(({ subtype }) => subtype === 'guard');
  const other = guards.find(({ host }) => host?.metatype !== AuthModule && host?.metatype !== HttpModule);
  if (other) {
    throw new ConfigurationError(
      `${other.host?.name} registers a global guard (APP_GUARD), which verifications of cached tokens would skip. Add the guard to its routes with @UseGuards instead.`,
    );
  }
}
