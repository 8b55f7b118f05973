import { type ApiClient } from '../../../support/api-client.js';
import { MAIN, serverIn, ServerProcess, type Environment } from '../../../support/server-process.js';
import { type Store } from './store.js';
import { assert, assertWithin, Violation } from './violation.js';

/** Server under test, which can be killed and restarted on the same data. */
export class TestedServer {
  readonly environment: Environment;
  private readonly started: ServerProcess[] = [];

  constructor(
    readonly store: Store,
    change: Environment = {},
  ) {
    this.environment = serverIn(store.folder, {
      DATABASE_URL: store.url,
      LATCHKEY_DATA_DIR: store.folder,
      LATCHKEY_LOG_LEVEL: 'debug',
      // The default: faults stall the database.
      LATCHKEY_STATEMENT_TIMEOUT_MS: undefined,
      ...change,
    });
  }

  /** The latest process. */
  get server(): ServerProcess {
    return this.started.at(-1)!;
  }

  get client(): ApiClient {
    return this.server.client;
  }

  /** Output of all processes. */
  get output(): string {
    return this.started.map(({ output }) => output).join('');
  }

  /** Whether the latest process is running. */
  get isRunning(): boolean {
    const { exitCode, signalCode } = this.server.child;
    return exitCode === null && signalCode === null;
  }

  /**
   * Starts a process and returns the time until it is ready.
   *
   * @param port a free port if absent.
   * @param main the main file of another build.
   * @throws Violation if it does not start.
   */
  async start(port?: number, main = MAIN): Promise<number> {
    const start = performance.now();
    try {
      this.started.push(await ServerProcess.start(this.environment, port, main));
    } catch (error) {
      throw new Violation((error as Error).message);
    }
    return performance.now() - start;
  }

  /** Starts a process without waiting until it is ready. @param main the main file of another build. */
  async spawn(main = MAIN): Promise<ServerProcess> {
    const server = await ServerProcess.spawn(this.environment, undefined, main);
    this.started.push(server);
    return server;
  }

  /**
   * Waits until readiness returns a status and returns the duration.
   *
   * @throws Violation after the deadline.
   */
  readyWithin(most: number, status: number): Promise<number> {
    const hasStatus = async () => {
      const answer = await this.client.ready().catch(() => undefined);
      assert(answer !== undefined || this.isRunning, 'the server exited');
      return answer?.status === status;
    };
    return assertWithin(most, hasStatus, `readiness does not return ${status}`);
  }

  /** Kills all processes. */
  async remove(): Promise<void> {
    await Promise.all(this.started.map((server) => server.kill()));
  }
}
