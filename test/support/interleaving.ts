import { jest } from '@jest/globals';
import { type Scheduler } from 'fast-check';
import { Writes } from '../../apps/api/src/platform/database/writes.service.js';
import { LastUses } from '../../apps/api/src/tokens/usage/last-uses.service.js';
import { PresentedTokenReader } from '../../apps/api/src/tokens/cache/presented-token-reader.service.js';
import { type RunningServer } from './use-server.js';

/**
 * Runs scripts of requests in an order that a scheduler chooses. Requests pause before they are sent, after
 * their token is read, and before and after their transaction. The scheduler continues one at a time.
 */
export class Interleaving {
  private running = 0;
  private notice: () => void = () => undefined;

  private constructor(private readonly scheduler: Scheduler) {}

  /** Runs scripts, which call `step` before they send a request. */
  static async run(
    held: ScheduledServer,
    scheduler: Scheduler,
    scripts: readonly ((step: Hold) => Promise<void>)[],
  ): Promise<void> {
    const interleaving = new Interleaving(scheduler);
    held.hold = (label) => interleaving.hold(label);
    try {
      await interleaving.drive(scripts);
    } finally {
      held.hold = undefined;
    }
  }

  private async drive(scripts: readonly ((step: Hold) => Promise<void>)[]): Promise<void> {
    this.running = scripts.length;
    const ended = Promise.allSettled(
      scripts.map((script) =>
        script((label) => this.hold(label)).finally(() => {
          this.running -= 1;
          this.notice();
        }),
      ),
    );
    await this.pause();
    while (this.scheduler.count() > 0) {
      this.running += 1;
      await this.scheduler.waitOne();
      await this.pause();
    }
    // Waits for all scripts before it throws, so that none continues in the next interleaving.
    const failed = (await ended).find((result) => result.status === 'rejected');
    if (failed) {
      throw failed.reason;
    }
  }

  /** Waits until all scripts are waiting. */
  private async pause(): Promise<void> {
    while (this.running > 0) {
      await new Promise<void>((resolve) => (this.notice = resolve));
    }
  }

  private async hold(label: string): Promise<void> {
    const letGo = this.scheduler.schedule(Promise.resolve(), label);
    this.running -= 1;
    this.notice();
    await letGo;
  }
}

/** Waits until the scheduler continues the caller. */
export type Hold = (label: string) => Promise<void>;

/** Server whose requests wait at the ends of their steps if `hold` is set. */
export interface ScheduledServer {
  hold: Hold | undefined;
}

/**
 * Makes a server's requests wait at the ends of their steps during an interleaving. The use of tokens is not
 * recorded.
 */
export function scheduleRequests({ app }: Pick<RunningServer, 'app'>): ScheduledServer {
  const held: ScheduledServer = { hold: undefined };
  jest.spyOn(app.get(LastUses, { strict: false }), 'note').mockReturnValue(undefined);

  const tokens = app.get(PresentedTokenReader, { strict: false });
  const findByDigest = tokens.findByDigest.bind(tokens);
  jest.spyOn(tokens, 'findByDigest').mockImplementation(async (digest) => {
    const record = await findByDigest(digest);
    await held.hold?.('token was read');
    return record;
  });

  const writes = app.get(Writes);
  const transaction = writes.transaction.bind(writes);
  jest.spyOn(writes, 'transaction').mockImplementation(async (...work) => {
    await held.hold?.('transaction begins');
    try {
      return await transaction(...work);
    } finally {
      await held.hold?.('transaction has ended');
    }
  });
  return held;
}
