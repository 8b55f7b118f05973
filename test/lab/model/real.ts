import { Clock } from '../../../apps/api/src/common/clock.js';
import { ADMIN } from '../../support/factories.js';
import { type ApiClient, type Headers } from '../../support/api-client.js';
import { TestServer } from '../../support/test-server.js';
import { SECONDS } from './model.js';

const ENVIRONMENT = {
  LATCHKEY_SESSION_IDLE_SECONDS: String(SECONDS.idle),
  LATCHKEY_SESSION_MAX_SECONDS: String(SECONDS.session),
  LATCHKEY_API_TOKEN_DEFAULT_SECONDS: String(SECONDS.api),
  LATCHKEY_API_TOKEN_MAX_SECONDS: String(SECONDS.longest),
  // Long, so that what is remembered is old.
  LATCHKEY_TOKEN_CACHE_SECONDS: String(SECONDS.remembered),
};

/** The real server, whose clock stands still unless it is moved, and which can be started anew on the same database. */
export class Real {
  /** The administrator's session, which is always good. */
  asAdmin: Headers = {};
  private constructor(
    private server: TestServer,
    private time: number,
  ) {}

  static async start(): Promise<Real> {
    const real = new Real(await TestServer.start({ environment: ENVIRONMENT }), Date.now());
    await real.goOn();
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
    await this.goOn();
  }

  remove(): Promise<void> {
    return this.server.remove();
  }

  private async goOn(): Promise<void> {
    Object.assign(this.server.app.get(Clock), { now: () => this.time });
    await this.signIn();
  }

  private async signIn(): Promise<void> {
    this.asAdmin = await this.client.loginHeaders(ADMIN.name, ADMIN.password);
  }
}
