// Better Auth on node:http with SQLite, as its documentation describes. BENCH_COOKIE_CACHE=1 enables the cookie cache.
import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import Database from '../../../../apps/api/sqlite/driver.cjs';

const database = new Database(process.env.BENCH_DATABASE);
database.pragma('journal_mode = WAL');

const auth = betterAuth({
  baseURL: `http://127.0.0.1:${process.env.PORT}`,
  secret: process.env.BENCH_SECRET,
  database,
  emailAndPassword: { enabled: true },
  session: { cookieCache: { enabled: process.env.BENCH_COOKIE_CACHE === '1' } },
  // By default, an address may send 100 requests per minute.
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
});
await (await getMigrations(auth.options)).runMigrations();

const server = createServer(toNodeHandler(auth));
server.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
