import { jest } from '@jest/globals';
import { type Scheduler } from 'fast-check';
import { Writes } from '../../apps/api/src/platform/database/writes.js';
import { LastUses } from '../../apps/api/src/identity/tokens/usage/last-uses.js';
import { TokenLookUp } from '../../apps/api/src/identity/tokens/cache/token-look-up.js';
import { TokenPurge } from '../../apps/api/src/identity/tokens/revoke/token-purge.js';
import { type ServerInUse } from './use-server.js';

/**
 * Scripts of requests whose steps come in an order that a scheduler chooses. A step ends where a request is sent, where
 * its token has been read, and before and after its transaction; there all wait until one of them may go on.
 */
export class Interleaving {
  private running = 0;
  private notice: () => void = () => undefined;

  private constructor(private readonly scheduler: Scheduler) {}

  /** Runs scripts; each of them calls `step` before it sends a request. */
  static async run(
    held: HeldServer,
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
    // A script that failed is told of when all are through, so that none goes on into the next interleaving.
    const failed = (await ended).find((result) => result.status === 'rejected');
    if (failed) {
      throw failed.reason;
    }
  }

  /** Waits until nobody is on their way. */
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

/** Waits for one's turn. */
export type Hold = (label: string) => Promise<void>;

/** A server whose requests wait at some places, if somebody wants that. */
export interface HeldServer {
  hold: Hold | undefined;
}

/** Has a server's requests wait at the ends of their steps, while there is an interleaving, and nobody else write meanwhile. */
export function holdRequests({ app }: Pick<ServerInUse, 'app'>): HeldServer {
  const held: HeldServer = { hold: undefined };
  jest.spyOn(app.get(LastUses, { strict: false }), 'note').mockReturnValue(undefined);
  jest.spyOn(app.get(TokenPurge, { strict: false }), 'purge').mockResolvedValue(0);

  const tokens = app.get(TokenLookUp, { strict: false });
  const look = tokens.findByDigest.bind(tokens);
  jest.spyOn(tokens, 'findByDigest').mockImplementation(async (digest) => {
    const record = await look(digest);
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
