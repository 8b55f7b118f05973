import { Clock } from '../../../apps/api/src/common/clock.service.js';
import { ADMIN } from '../../support/factories.js';
import { type ApiClient, type Headers } from '../../support/api-client.js';
import { TestServer } from '../../support/test-server.js';
import { SECONDS } from './model.js';

const ENVIRONMENT = {
  LATCHKEY_SESSION_IDLE_SECONDS: String(SECONDS.idle),
  LATCHKEY_SESSION_MAX_SECONDS: String(SECONDS.session),
  LATCHKEY_API_TOKEN_DEFAULT_SECONDS: String(SECONDS.api),
  LATCHKEY_API_TOKEN_MAX_SECONDS: String(SECONDS.longest),
  // Long, so that outdated entries would be noticed.
  LATCHKEY_TOKEN_CACHE_SECONDS: String(SECONDS.cache),
};

/** The real server. Its clock is controlled by the test, and it can restart on the same database. */
export class Real {
  /** Headers of the administrator's session, which is always valid. */
  asAdmin: Headers = {};
  private constructor(
    private server: TestServer,
    private time: number,
  ) {}

  static async start(): Promise<Real> {
    const real = new Real(await TestServer.start({ environment: ENVIRONMENT }), Date.now());
    await real.connect();
    return real;
  }

  get client(): ApiClient {
    return this.server.client;
  }

  get app() {
    return this.server.app;
  }

  get now(): number {
    return this.time;
  }

  async pass(seconds: number): Promise<void> {
    this.time += seconds * 1_000;
    await this.signIn();
  }

  async restart(): Promise<void> {
    await this.server.stop();
    this.server = await TestServer.start({ environment: ENVIRONMENT, database: this.server.database });
    await this.connect();
  }

  remove(): Promise<void> {
    return this.server.remove();
  }

  private async connect(): Promise<void> {
    Object.assign(this.server.app.get(Clock), { now: () => this.time });
    await this.signIn();
  }

  private async signIn(): Promise<void> {
    this.asAdmin = await this.client.loginHeaders(ADMIN.name, ADMIN.password);
  }
}
