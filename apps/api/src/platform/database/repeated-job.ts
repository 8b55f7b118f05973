import { type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { type Logger } from '../logging/logger.js';

/** When a job is run, and what the log says if it fails. */
export interface JobPlan {
  /** How long after the start it is run first. */
  readonly firstMilliseconds: number;
  /** How long after the end of one run the next begins. */
  readonly intervalMilliseconds: number;
  readonly failure: string;
}

/** Decides whether the clock can be believed. */
export interface ClockJudge {
  isPlausible(): Promise<boolean>;
}

/**
 * Work that is done again and again while the server runs. What deletes by the clock is left out while that is wrong. A
 * shutdown waits for what is in hand.
 */
export abstract class RepeatedJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** Whether the server stops, so that the job is to end with the slice in hand. */
  protected isStopping = false;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  protected constructor(
    private readonly plan: JobPlan,
    protected readonly logger: Logger,
    /** Absent for work that does not go by the clock. */
    private readonly clockJudge?: ClockJudge,
  ) {}

  /** Does what is due. What fails is due again at the next run. */
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

  /** Does what is due now, if the clock can be believed. */
  async runOnce(): Promise<void> {
    try {
      if (!this.clockJudge || (await this.clockJudge.isPlausible())) {
        await this.work();
      }
    } catch (err) {
      this.logger.warn({ err }, this.plan.failure);
    }
  }

  private async run(): Promise<void> {
    await this.runOnce();
    if (!this.isStopping) {
      this.schedule(this.plan.intervalMilliseconds);
    }
  }
}
