import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { setImmediate as otherWork } from 'node:timers/promises';
import { Clock } from '../common/clock.js';
import { Writes } from '../database/writes.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { FailureCountsRepository } from './failure-counts.repository.js';

const INTERVAL_MILLISECONDS = 60_000;
/** Rows that are deleted in one go, so that requests wait for little. */
const SLICE = 500;
/** Names and networks that strangers can have counted; beyond, those that would be forgotten first are. */
const STRANGERS_MOST = 100_000;

/** Deletes counts that say nothing any more, and keeps strangers from filling the disk with names. */
@Injectable()
export class FailureCountPurge implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private isStopping = false;
  private running: Promise<void> | undefined;

  constructor(
    private readonly repository: FailureCountsRepository,
    private readonly writes: Writes,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Deletes what is due, slice by slice. */
  async purge(): Promise<void> {
    const now = this.clock.now();
    for (let deleted = SLICE; deleted === SLICE && !this.isStopping;) {
      deleted = await this.writes.transaction(
        (tx) => this.repository.deleteForgotten(now, SLICE, tx),
        'nobody',
      );
      await otherWork();
    }
    let beyond = (await this.repository.countStrangers()) - STRANGERS_MOST;
    for (; beyond > 0 && !this.isStopping; beyond -= SLICE) {
      const few = Math.min(beyond, SLICE);
      await this.writes.transaction((tx) => this.repository.deleteStrangers(few, tx), 'nobody');
      await otherWork();
    }
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      this.running = this.run();
    }, INTERVAL_MILLISECONDS).unref();
  }

  private async run(): Promise<void> {
    try {
      await this.writes.alone('failure count purge', () => this.purge());
    } catch (err) {
      // The next run finds them again.
      this.logger.warn({ err }, 'Old counts of failed log-ins could not be deleted');
    }
    if (!this.isStopping) {
      this.schedule();
    }
  }
}
