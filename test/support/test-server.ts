import { Writable } from 'node:stream';
import { type ModuleMetadata } from '@nestjs/common';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Config } from '../../apps/api/src/platform/config/config.js';
import { createApp } from '../../apps/api/src/configure-app.js';
import { AllowedMethods } from '../../apps/api/src/http/server/allowed-methods.js';
import { createLogger } from '../../apps/api/src/platform/logging/logger.js';
import { ApiClient } from './api-client.js';
import { ADMIN } from './factories.js';
import { refuseLeaks } from './leaks.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

export { ADMIN };

/** argon2 at next to no cost: at the real one it takes a fifth of the time of all tests that log somebody in. */
const CHEAP_HASHES = { memoryKib: 8, passes: 1 };

/** How a test server departs from the usual one. */
export interface TestServerOptions {
  /** Variables beside the usual ones; `undefined` removes one. */
  environment?: Record<string, string | undefined>;
  features?: ModuleMetadata['imports'];
  /** An existing database, for a second start on it. */
  database?: TestDatabase;
  /** Hashes passwords at the configured cost, for tests of passwords and of what may happen while one is hashed. */
  hasRealHashes?: boolean;
}

/** The real application on a real database, listening on loopback. */
export class TestServer {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly database: TestDatabase,
    readonly client: ApiClient,
    private readonly output: string[],
  ) {}

  /** Starts the application on a fresh database, with limits that no ordinary test reaches and hashes that cost little. */
  static async start(options: TestServerOptions = {}): Promise<TestServer> {
    const { environment, features, database, hasRealHashes } = options;
    const opened = database ?? (await createTestDatabase());
    const output: string[] = [];
    const config = Config.read({
      DATABASE_URL: opened.url,
      LATCHKEY_DATA_DIR: opened.folder,
      LATCHKEY_ADMIN_NAME: ADMIN.name,
      LATCHKEY_ADMIN_PASSWORD: ADMIN.password,
      LATCHKEY_AUDIT_KEY: Buffer.alloc(32, 7).toString('base64'),
      LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: '1000',
      LATCHKEY_LOGIN_LIMIT_PER_ADDRESS: '1000',
      LATCHKEY_WRITE_LIMIT_PER_USER: '1000000000',
      LATCHKEY_LOG_LEVEL: 'debug',
      ...environment,
    });
    if (!hasRealHashes) {
      Object.assign(config.argon2, CHEAP_HASHES);
    }
    const sink = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        output.push(chunk.toString());
        done();
      },
    });
    const app = await createApp(config, createLogger(config.logLevel, sink), features);
    await app.listen(0, '127.0.0.1');
    return new TestServer(app, opened, new ApiClient(await app.getUrl()), output);
  }

  /** Every registered route as `METHOD /pattern`, sorted; preflights and their `*` are none. */
  get routes(): string[] {
    return this.app.get(AllowedMethods).routes();
  }

  /** Everything the server has logged. */
  get log(): string {
    return this.output.join('');
  }

  /** Stops the server, whose log must hold no secret, and keeps the database. */
  async stop(): Promise<void> {
    await this.app.close();
    refuseLeaks(this.log, this.database.url);
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
