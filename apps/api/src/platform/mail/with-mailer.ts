import { type Config } from '../config/config.js';
import { createLogger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.service.js';
import { Mailer } from './mailer.service.js';

/** Calls `use` with a mailer outside the server, and closes its connections. */
export async function withMailer<T>(config: Config, use: (mailer: Mailer) => Promise<T>): Promise<T> {
  const mailer = new Mailer(config, createLogger('silent'), new Metrics());
  try {
    return await use(mailer);
  } finally {
    await mailer.onApplicationShutdown();
  }
}
