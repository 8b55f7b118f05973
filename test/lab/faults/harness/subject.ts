import { type ApiClient } from '../../../support/api-client.js';
import { MAIN, serverIn, ServerProcess, type Environment } from '../../../support/server-process.js';
import { type Store } from './store.js';
import { insist, insistWithin, Violation } from './violation.js';

/** A server under test: one after another on the same data, as it is killed and started again. */
export class Subject {
  readonly environment: Environment;
  private readonly started: ServerProcess[] = [];

  constructor(
    readonly store: Store,
    private readonly main = MAIN,
    change: Environment = {},
  ) {
    this.environment = serverIn(store.folder, {
      DATABASE_URL: store.url,
      LATCHKEY_DATA_DIR: store.folder,
      LATCHKEY_LOG_LEVEL: 'debug',
      ...change,
    });
  }

  /** The server that was started last. */
  get server(): ServerProcess {
    return this.started.at(-1)!;
  }

  get client(): ApiClient {
    return this.server.client;
  }

  /** What all of its servers have written. */
  get output(): string {
    return this.started.map(({ output }) => output).join('');
  }

  /** Whether the server that was started last still runs. */
  get isRunning(): boolean {
    const { exitCode, signalCode } = this.server.child;
    return exitCode === null && signalCode === null;
  }

  /** Starts a server, and returns how long it took until it was ready. @throws Violation if it does not get there. */
  async start(): Promise<number> {
    const start = performance.now();
    try {
      this.started.push(await ServerProcess.start(this.environment, undefined, this.main));
    } catch (error) {
      throw new Violation((error as Error).message);
    }
    return performance.now() - start;
  }

  /** Starts a server, and does not wait for it. */
  async spawn(): Promise<ServerProcess> {
    const server = await ServerProcess.spawn(this.environment, undefined, this.main);
    this.started.push(server);
    return server;
  }

  /** Waits until readiness answers so, and returns how long that took. @throws Violation if it takes longer than may be. */
  readyWithin(most: number, status: number): Promise<number> {
    const isSo = async () => {
      const answer = await this.client.ready().catch(() => undefined);
      insist(answer !== undefined || this.isRunning, 'the server ended');
      return answer?.status === status;
    };
    return insistWithin(most, isSo, `readiness does not answer ${status}`);
  }

  /** Ends all that is still there. */
  async remove(): Promise<void> {
    await Promise.all(this.started.map((server) => server.kill()));
  }
}
