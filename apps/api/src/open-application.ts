import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { AppModule } from './app.module.js';
import { type Application } from './cli/local/application.js';
import { CommandRunner } from './cli/command-runner.js';
import { type Config } from './platform/config/config.js';
import { FEATURES } from './features.js';
import { createLogger, NestLogger } from './platform/logging/logger.js';
import { Metrics } from './platform/metrics/metrics.js';

/** Log levels at which commands show the log. */
const SHOWN_LEVELS = new Set(['debug', 'trace']);

/** Creates the application for the command line: all providers, without routes and jobs, as it is not started. */
export async function openApplication(config: Config): Promise<Application> {
  const level = SHOWN_LEVELS.has(config.logLevel) ? config.logLevel : 'silent';
  // Standard output is for results only.
  const logger = createLogger(level, pino.destination(2));
  const app = await NestFactory.create(
    AppModule.forRoot(config, logger, new Metrics(), FEATURES),
    new FastifyAdapter(),
    {
      logger: new NestLogger(logger),
      abortOnError: false,
    },
  );
  return { runner: app.get(CommandRunner), close: () => app.close() };
}
