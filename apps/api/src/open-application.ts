import { type NestApplication } from '@nestjs/core';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { OperatorSocket } from './cli/server/operator-socket.service.js';
import { type Application } from './cli/server-loader.js';
import { createApp } from './configure-app.js';
import { FEATURES } from './features.js';
import { type Config } from './platform/config/config.js';
import { createLogger } from './platform/logging/logger.js';

/** Log levels at which commands show the log. */
const SHOWN_LEVELS = new Set(['debug', 'trace']);

/**
 * Creates the application for the command line, which serves the API on a Unix socket only. Closes it if that
 * fails.
 */
export async function openApplication(config: Config, socketPath: string): Promise<Application> {
  const level = SHOWN_LEVELS.has(config.logLevel) ? config.logLevel : 'silent';
  // Standard output is for results only.
  const app = await createApp(config, createLogger(level, pino.destination(2)), FEATURES, registerRoutes);
  try {
    await app.get(OperatorSocket).listen(socketPath);
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}

/**
 * Registers the routes, as `init` does, but calls no hooks of a start. So there are no recurring jobs, no
 * first administrator and no new audit key.
 */
async function registerRoutes(app: NestFastifyApplication): Promise<void> {
  // Public methods, which the interface lacks.
  const application = app as unknown as NestApplication;
  await app.getHttpAdapter().init?.();
  await application.registerModules();
  await application.registerRouter();
  await application.registerRouterHooks();
}
