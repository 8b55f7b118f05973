import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { AppModule } from './app.module.js';
import { type Application } from './cli/own/application.js';
import { CommandRunner } from './cli/command-runner.js';
import { type Config } from './platform/config/config.js';
import { FEATURES } from './features.js';
import { createLogger, NestLogger } from './platform/logging/logger.js';
import { Metrics } from './platform/metrics/metrics.js';

/** Levels of the log at which whoever types a command wants to see it. */
const TOLD_LEVELS = new Set(['debug', 'trace']);

/** Makes the server's insides for the command line: all providers, and neither routes nor jobs, as nothing is started. */
export async function openApplication(config: Config): Promise<Application> {
  const level = TOLD_LEVELS.has(config.logLevel) ? config.logLevel : 'silent';
  // Results alone go to standard output.
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
