import { type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { logFailure, type Logger } from '../logging/logger.js';

/** Schedule of a job, and the log message of a failure. */
interface JobPlan {
  /** Delay of the first run after startup. */
  readonly firstMilliseconds: number;
  /** Pause between two runs. */
  readonly intervalMilliseconds: number;
  readonly failure: string;
}

/** Decides whether the clock is plausible. */
export interface ClockJudge {
  isPlausible(): Promise<boolean>;
}

/**
 * Recurring job. Jobs that delete by time are skipped while the clock is implausible. A shutdown waits for a
 * running job.
 */
export abstract class RepeatedJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** Whether the server is stopping. The job then returns after its current chunk. */
  protected isStopping = false;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  protected constructor(
    private readonly plan: JobPlan,
    protected readonly logger: Logger,
    /** Absent for jobs that do not depend on the clock. */
    private readonly clockJudge?: ClockJudge,
  ) {}

  /** Does the work that is due. Work that fails is repeated at the next run. */
  protected abstract work(): Promise<void>;

  onApplicationBootstrap(): void {
    this.schedule(this.plan.firstMilliseconds);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private schedule(milliseconds: number): void {
    this.timer = setTimeout(() => {
      this.running = this.run();
    }, milliseconds).unref();
  }

  /** Runs the job once, unless the clock is implausible. */
  async runOnce(): Promise<void> {
    try {
      if (!this.clockJudge || (await this.clockJudge.isPlausible())) {
        await this.work();
      }
    } catch (err) {
      logFailure(this.logger, { err }, this.plan.failure);
    }
  }

  private async run(): Promise<void> {
    await this.runOnce();
    if (!this.isStopping) {
      this.schedule(this.plan.intervalMilliseconds);
    }
  }
}
