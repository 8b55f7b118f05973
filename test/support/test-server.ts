import { Writable } from 'node:stream';
import { type ModuleMetadata } from '@nestjs/common';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Config } from '../../apps/api/src/platform/config/config.js';
import { createApp } from '../../apps/api/src/configure-app.js';
import { EventSender } from '../../apps/api/src/events/sender/event-sender.service.js';
import { AllowedMethods } from '../../apps/api/src/http/server/allowed-methods.js';
import { RepeatedJob } from '../../apps/api/src/platform/database/repeated-job.js';
import { createLogger } from '../../apps/api/src/platform/logging/logger.js';
import { ApiClient } from './api-client.js';
import { ADMIN, CHEAP_HASHES } from './factories.js';
import { rejectLeaks } from './secrets.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

export { ADMIN };

// Tests run these jobs themselves. On a slow machine, the timers would run them in the middle of a test.
RepeatedJob.prototype.onApplicationBootstrap = () => undefined;
EventSender.prototype.onApplicationBootstrap = () => undefined;

/** Options of a test server. */
export interface TestServerOptions {
  /** Additional environment variables. `undefined` removes a variable. */
  environment?: Record<string, string | undefined>;
  /** Feature modules. Tests of all routes pass `FEATURES`. */
  features?: ModuleMetadata['imports'];
  /** Existing database, for a second start. */
  database?: TestDatabase;
  /** Port, for a second start. By default a free one. */
  port?: number;
  /** Whether to hash passwords at the configured cost, for tests of hashing. */
  hasRealHashes?: boolean;
}

/** Complete application with a real database, in the process of the test. */
export class TestServer {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly database: TestDatabase,
    readonly client: ApiClient,
    private readonly output: string[],
  ) {}

  /** Starts the application, with limits that most tests do not reach and with cheap hashes. */
  static async start(options: TestServerOptions = {}): Promise<TestServer> {
    const database = options.database ?? (await createTestDatabase());
    try {
      return await TestServer.startOn(database, options);
    } catch (error) {
      if (!options.database) {
        await database.drop();
      }
      throw error;
    }
  }

  private static async startOn(
    database: TestDatabase,
    { environment, features, port = 0, hasRealHashes }: TestServerOptions,
  ): Promise<TestServer> {
    const { output, sink } = recordOutput();
    const config = Config.read({
      DATABASE_URL: database.url,
      LATCHKEY_DATA_DIR: database.folder,
      LATCHKEY_ADMIN_NAME: ADMIN.name,
      LATCHKEY_ADMIN_PASSWORD: ADMIN.password,
      LATCHKEY_AUDIT_KEY: Buffer.alloc(32, 7).toString('base64'),
      LATCHKEY_SEAL_KEY: Buffer.alloc(32, 8).toString('base64'),
      LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: '1000',
      LATCHKEY_LOGIN_LIMIT_PER_ADDRESS: '1000',
      LATCHKEY_WRITE_LIMIT_PER_USER: '1000000000',
      LATCHKEY_EVENT_HOSTS: '127.0.0.1',
      // Tests move the clock of the server.
      LATCHKEY_FRESH_SECONDS: '31622400',
      // Long enough for a bulk request on a busy machine.
      LATCHKEY_STATEMENT_TIMEOUT_MS: '90000',
      LATCHKEY_LOG_LEVEL: 'debug',
      ...environment,
    });
    if (!hasRealHashes) {
      Object.assign(config.argon2, CHEAP_HASHES);
    }
    const app = await createApp(config, createLogger(config.logLevel, sink), features);
    try {
      await app.listen(port, '127.0.0.1');
    } catch (error) {
      await app.close();
      throw error;
    }
    return new TestServer(app, database, new ApiClient(await app.getUrl()), output);
  }

  /** Registered routes as `METHOD /pattern`, sorted, without preflight routes. */
  get routes(): string[] {
    return this.app.get(AllowedMethods).routes();
  }

  /** Log of the server. */
  get log(): string {
    return this.output.join('');
  }

  /** Stops the server and keeps the database. Throws if the log contains a secret. */
  async stop(): Promise<void> {
    await this.app.close();
    rejectLeaks(this.log, this.database.url);
  }

  /** Stops the server and removes the database. */
  async remove(): Promise<void> {
    try {
      await this.stop();
    } finally {
      await this.database.drop();
    }
  }
}

/** Returns a stream for a log, and its parts. An error of a failed test contains the last lines. */
export function recordOutput(): { sink: Writable; output: string[] } {
  const output: string[] = [];
  globalThis.recordedOutputs?.push(output);
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      output.push(chunk.toString());
      done();
    },
  });
  return { sink, output };
}
