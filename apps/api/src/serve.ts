import { checkStart, type FoundTables } from './cli/check-start.js';
import { OperatorSocket } from './cli/server/operator-socket.service.js';
import { type Config } from './platform/config/config.js';
import { RevocationFeed } from './auth/verifiers/revocation-feed.service.js';
import { createApp } from './configure-app.js';
import { listen, stopOnSignal } from './http/server/run-app.js';
import { FEATURES } from './features.js';
import { Readiness } from './health/readiness.service.js';
import { Database } from './platform/database/database.js';
import { type Logger } from './platform/logging/logger.js';
import { Metrics } from './platform/metrics/metrics.service.js';
import { startTelemetry } from './platform/telemetry/telemetry.js';

/**
 * Serves the API and the console until a signal stops this process.
 *
 * @param socket descriptor of a socket that already listens.
 * @returns the URL of the server.
 */
export async function serve(config: Config, logger: Logger, socket: number | undefined): Promise<string> {
  warnIfAhead(await checkStart(config), logger);
  await startTelemetry(config.telemetry, { ...config, serviceName: 'latchkey' }, logger);
  const app = await createApp(config, logger, FEATURES);
  warnIfUntested(app.get(Database, { strict: false }), logger);
  if (config.hasMetrics) {
    app.get(Metrics).observeProcess();
  }
  stopOnSignal(app, config, logger, () => {
    app.get(Readiness).stop();
    app.get(RevocationFeed).stop();
  });
  await listen(app, config, socket);
  await app.get(OperatorSocket).open();
  return app.getUrl();
}

/** Reports a database that a later release has migrated. */
function warnIfAhead(tables: FoundTables, logger: Logger): void {
  if (tables === 'ahead') {
    logger.warn(
      'A later release has migrated the database, and this one can use it. Upgrade this server too',
    );
  }
}

function warnIfUntested({ untestedPostgres }: Database, logger: Logger): void {
  if (untestedPostgres !== undefined) {
    logger.warn(
      { version: untestedPostgres },
      'This version of Latchkey was not tested with this version of PostgreSQL',
    );
  }
}
