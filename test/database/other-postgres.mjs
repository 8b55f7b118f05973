// Starts the built server on a PostgreSQL that reports the version in REPORTED_POSTGRES.
import { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';

Object.defineProperty(PostgresDriver.prototype, 'version', {
  get: () => process.env.REPORTED_POSTGRES,
  set: () => undefined,
});
await import('../../dist/apps/api/src/main.js');
