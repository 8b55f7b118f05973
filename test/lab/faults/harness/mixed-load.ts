import { setTimeout as pause } from 'node:timers/promises';
import { type ServerProcess } from '../../../support/server-process.js';
import { type ClientRecord } from './client-record.js';
import { LoadClient } from './load-client.js';
import { Random } from './random.js';
import { SEED } from './settings.js';

/** Pause of a rejected client. Shorter than `Retry-After`, to send more requests. */
const REJECTED_PAUSE_MILLISECONDS = 20;
const PATIENCE_MILLISECONDS = 60_000;

let loads = 0;

/** Clients that change users and tokens until they are stopped or lose the server. */
export class MixedLoad {
  private readonly running: Promise<unknown>;
  private isOver = false;
  private afterRequest: () => void = () => undefined;

  constructor(
    private readonly server: Pick<ServerProcess, 'client' | 'output'>,
    private readonly record: ClientRecord,
    clients: number,
    /** Pause of each client between two requests. */
    private readonly pauseMilliseconds = 0,
  ) {
    loads += 1;
    const names = Array.from({ length: clients }, (_, index) => `load-${loads}-${index}`);
    this.running = Promise.all(names.map((name) => this.run(name)));
  }

  /** Waits until some more changes have been acknowledged. */
  async acknowledges(count: number): Promise<void> {
    const wanted = this.record.acknowledged.size + count;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        const output = this.server.output.slice(-2_000);
        reject(new Error(`${count} changes were not acknowledged in time: ${output}`));
      }, PATIENCE_MILLISECONDS);
      // At once, so that a server can be killed before it does what it should have done first.
      this.afterRequest = () => {
        if (this.record.acknowledged.size >= wanted) {
          clearTimeout(timer);
          resolve();
        }
      };
    });
  }

  /** Waits until all clients have lost the server. */
  async isLost(): Promise<void> {
    await this.running;
  }

  /** Stops the clients after their current request. */
  async stop(): Promise<void> {
    this.isOver = true;
    await this.running;
  }

  private async run(name: string): Promise<void> {
    const person = new LoadClient(name, this.server.client, this.record, new Random(SEED, name));
    while (!this.isOver) {
      const status = await person.act();
      this.afterRequest();
      if (status === 0) {
        return;
      }
      await pause(status >= 400 ? REJECTED_PAUSE_MILLISECONDS : this.pauseMilliseconds);
    }
  }
}
