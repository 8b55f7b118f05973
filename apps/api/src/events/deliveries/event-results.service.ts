import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ClockCheck } from '../../audit/trail/clock-check.service.js';
import { Clock, DAY_MILLISECONDS, type EpochMilliseconds } from '../../common/clock.service.js';
import { Metrics } from '../../platform/metrics/metrics.service.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { EventDeliveriesRepository, type AttemptColumns } from './event-deliveries.repository.js';
import { type EventDelivery } from './event-delivery.entity.js';
import { EventQueue } from './event-queue.service.js';
import { type EventTarget } from '../targets/event-target.entity.js';
import { EventTargetsRepository } from '../targets/event-targets.repository.js';
import { type AttemptOutcome } from './event-attempts.service.js';

/** Pause before the second attempt. Each later pause is four times as long. */
const FIRST_RETRY_MILLISECONDS = 5_000;

const RETRY_FACTOR = 4;

/** Longest pause between two attempts. */
const LONGEST_RETRY_MILLISECONDS = DAY_MILLISECONDS;

/** Random part of a pause, so that the server does not retry many targets of one receiver at once. */
const JITTER = 0.2;

/** Time after which a delivery is given up, and a target that always fails is disabled. */
const GIVE_UP_MILLISECONDS = 20 * DAY_MILLISECONDS;

/** Status of a receiver that wants no more requests (RFC 9110, section 15.5.11). */
const GONE = 410;

const ERROR_MAX_LENGTH = 200;

/** Results per transaction. Each takes two or three statements, and PostgreSQL limits the time of all. */
const RESULTS = 25;

/** Error of a delivery whose event is gone. */
export const ENTRY_DELETED = 'The entry is no longer in the audit trail.';

/** Attempt to deliver an event. */
export interface Attempt extends Partial<AttemptOutcome> {
  readonly delivery: EventDelivery;
  readonly target: EventTarget;
}

/** Stores the results of attempts, several in one transaction. */
@Injectable()
export class EventResults {
  private pending: Attempt[] = [];
  private storing: Promise<void> | undefined;
  private readonly outcomes = { delivered: 0, failed: 0 };

  constructor(
    private readonly deliveries: EventDeliveriesRepository,
    private readonly targets: EventTargetsRepository,
    private readonly queue: EventQueue,
    private readonly writes: Writes,
    private readonly clock: Clock,
    private readonly clockCheck: ClockCheck,
    metrics: Metrics,
  ) {
    metrics.counts(
      'latchkey_event_attempts_total',
      'Attempts to deliver an event.',
      'outcome',
      () => this.outcomes,
    );
  }

  /** Number of results that wait to be stored. */
  get pendingCount(): number {
    return this.pending.length;
  }

  /** Whether the result of a delivery waits to be stored. */
  isPending(id: string): boolean {
    return this.pending.some(({ delivery }) => delivery.id === id);
  }

  /** Returns the ids of the deliveries to a target whose results wait to be stored. */
  pendingOf(target: string): string[] {
    const ofTarget = this.pending.filter(({ delivery }) => delivery.target === target);
    return ofTarget.map(({ delivery }) => delivery.id);
  }

  add(attempt: Attempt): void {
    this.outcomes[attempt.error === undefined ? 'delivered' : 'failed'] += 1;
    this.pending.push(attempt);
  }

  /** Stores the results of all attempts. Those that cannot be stored are stored with the next ones. */
  store(): Promise<void> {
    this.storing ??= this.storePending().finally(() => (this.storing = undefined));
    return this.storing;
  }

  private async storePending(): Promise<void> {
    while (this.pending.length > 0) {
      const part = this.pending.slice(0, RESULTS);
      const now = this.clock.now();
      // With a clock far ahead, the first failure would be the last one.
      const canGiveUp = part.some((attempt) => isOld(attempt, now)) && (await this.clockCheck.isPlausible());
      await this.writes.transaction(async (tx) => {
        const results = part.map((attempt) => ({ attempt, result: resultOf(attempt, now, canGiveUp) }));
        for (const { attempt, result } of results) {
          await this.deliveries.setResult(attempt.delivery.id, result, tx);
          await this.updateTarget(attempt, now, canGiveUp, tx);
        }
        const ended = results.filter(({ result }) => result.state !== 'waiting');
        await this.deliveries.makeNextDue(
          ended.map(({ attempt }) => attempt.delivery),
          now,
          tx,
        );
      }, 'none');
      this.pending = this.pending.slice(part.length);
    }
  }

  /** Notes since when a target fails, and disables one that failed for too long. */
  private async updateTarget(
    attempt: Attempt,
    now: EpochMilliseconds,
    canGiveUp: boolean,
    tx: WriteTransaction,
  ): Promise<void> {
    const { target, error } = attempt;
    if (error === undefined) {
      if (target.failingSince !== null) {
        await this.targets.setFailingSince(target, null, tx);
      }
      return;
    }
    if (attempt.isFinal) {
      // The recipient or the event is the cause, so the target does not fail.
      return;
    }
    const failingSince = target.failingSince ?? now;
    if (target.failingSince === null) {
      await this.targets.setFailingSince(target, now, tx);
    }
    if (attempt.status === GONE) {
      await this.queue.disable(target, 'gone', tx);
    } else if (canGiveUp && now - failingSince >= GIVE_UP_MILLISECONDS) {
      await this.queue.disable(target, 'failing', tx);
    }
  }
}

/** Whether a delivery or its target has failed for at least 20 days. */
function isOld({ delivery, target, error }: Attempt, now: EpochMilliseconds): boolean {
  const since = Math.min(delivery.creationTime, target.failingSince ?? now);
  return error !== undefined && now - since >= GIVE_UP_MILLISECONDS;
}

function resultOf(
  { delivery, error, status, milliseconds, retryAfter, isFinal }: Attempt,
  now: EpochMilliseconds,
  canGiveUp: boolean,
): AttemptColumns {
  const attempts = delivery.attempts + 1;
  const isGivenUp = isFinal || (canGiveUp && now - delivery.creationTime >= GIVE_UP_MILLISECONDS);
  const state = error === undefined ? 'delivered' : isGivenUp ? 'failed' : 'waiting';
  return {
    state,
    attempts,
    lastAttemptTime: now,
    nextAttemptTime: state === 'waiting' ? now + pauseAfter(attempts, retryAfter) : null,
    milliseconds: milliseconds ?? null,
    status: status ?? null,
    error: error?.slice(0, ERROR_MAX_LENGTH) ?? null,
  };
}

/**
 * Returns the pause after a number of failed attempts: 5 s, 20 s, 80 s and so on, up to a day, with a random
 * deviation of up to a fifth. If `Retry-After` is longer, it applies instead.
 */
export function pauseAfter(attempts: number, retryAfterSeconds = 0): number {
  const pause = Math.min(
    FIRST_RETRY_MILLISECONDS * RETRY_FACTOR ** (attempts - 1),
    LONGEST_RETRY_MILLISECONDS,
  );
  const spread = Math.round(pause * JITTER);
  const jittered = pause - spread + randomInt(2 * spread + 1);
  return Math.min(Math.max(jittered, retryAfterSeconds * 1_000), LONGEST_RETRY_MILLISECONDS);
}
