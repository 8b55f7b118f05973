import { Injectable } from '@nestjs/common';
import { type VerifierDto, type VerifierListDto, type VerifierReportDto } from '@latchkey/auth-models';
import { type Histogram } from 'prom-client';
import { ApplicationError } from '../../common/application-error.js';
import { Clock, DAY_MILLISECONDS, type EpochMilliseconds, toRfc3339 } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { Metrics } from '../../platform/metrics/metrics.service.js';
import { Replicas } from '../../platform/replicas/replicas.service.js';
import { type Verifier } from './verifier.entity.js';
import { VerifiersRepository } from './verifiers.repository.js';

/** Time since the last report after which a verifier no longer counts as active: it has missed two. */
const ACTIVE_MILLISECONDS = 30_000;

/** Time since the last report after which a verifier is deleted. */
const KEPT_MILLISECONDS = DAY_MILLISECONDS;

/** Time since the last report after which a verifier is deleted if there are too many. */
const SILENT_MILLISECONDS = 300_000;

/** Maximum number of verifiers. Each start of an application adds one for a day. */
const VERIFIERS_MAX = 10_000;

/** Maximum number of verifiers of a user, so that one service leaves room for the others. */
const VERIFIERS_PER_USER_MAX = 1_000;

const LISTED_MAX = 1_000;

/** Maximum number of answers of a verifier. Beyond 2^53, numbers are not exact. */
const ANSWERS_MAX = 1_000_000_000_000_000;

/** In seconds. By default, verifiers answer from memory up to a lag of 2 s. */
const LAG_BUCKETS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 5, 10];

/** Replicas, and the verifiers that have reported. */
@Injectable()
export class VerifiersService {
  /** Answers by verifiers, for the metrics. */
  private readonly answers = { local: 0, asked: 0 };
  /** Reported uses, for the metrics. */
  private readonly uses = { recorded: 0, ignored: 0 };
  private readonly lags: Histogram;

  constructor(
    private readonly verifiers: VerifiersRepository,
    private readonly replicas: Replicas,
    private readonly writes: Writes,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    metrics.counts(
      'latchkey_verifier_answers_total',
      'Answers of verifiers that reported to this process: from memory (local), or from a server (asked).',
      'source',
      () => this.answers,
    );
    metrics.counts(
      'latchkey_verifier_uses_total',
      'Uses in reports of verifiers to this process: recorded, or ignored because the token did not have the digest at that time.',
      'result',
      () => this.uses,
    );
    this.lags = metrics.histogram(
      'latchkey_verifier_lag_seconds',
      'Age of the latest heartbeat of the revocation feed when it reached a verifier, as reported to this process.',
      [],
      LAG_BUCKETS,
    );
  }

  /**
   * Records the state of a verifier, and counts its answers and uses. Returns false if the report was
   * recorded before.
   *
   * @throws ApplicationError `conflict` if another user's verifier has this id, `throttled` if the user has
   *   too many verifiers, or `overloaded` if there are too many.
   */
  async update(report: VerifierReportDto, ignoredUses: number, actor: Principal): Promise<boolean> {
    const isNew = await this.writes.transaction(async (tx) => {
      const now = this.clock.now();
      const { id, userId, report: number, local, asked } = await this.lockOrCreate(report, actor, now, tx);
      if (userId !== actor.id) {
        throw new ApplicationError('conflict', {
          detail: 'A verifier of another user has this id. Use a new id.',
        });
      }
      if (number >= report.number) {
        return false;
      }
      const current = {
        tokenId: actor.token?.id ?? null,
        name: report.name,
        version: report.version ?? null,
        address: actor.origin.address,
        report: report.number,
        reportTime: now,
        lag: report.lag ?? null,
        local: Math.min(local + report.local, ANSWERS_MAX),
        asked: Math.min(asked + report.asked, ANSWERS_MAX),
      };
      await this.verifiers.update(id, current, tx);
      return true;
    }, 'none');
    if (isNew) {
      this.answers.local += report.local;
      this.answers.asked += report.asked;
      this.uses.recorded += report.uses.length - ignoredUses;
      this.uses.ignored += ignoredUses;
      if (report.lag !== undefined) {
        this.lags.observe(report.lag / 1_000);
      }
    }
    return isNew;
  }

  /** Returns the replicas, and the verifiers that have reported within the last day. */
  async list(): Promise<VerifierListDto> {
    const now = this.clock.now();
    const [verifiers, total] = await this.verifiers.find(now - KEPT_MILLISECONDS, LISTED_MAX);
    return {
      replicas: this.replicas.list().map(({ address, startTime, lag, ...replica }) => ({
        ...replica,
        ...(address !== null && { address }),
        startTime: toRfc3339(startTime),
        ...(lag !== null && { lag }),
      })),
      verifiers: verifiers.map((verifier) => toVerifierDto(verifier, now)),
      total,
    };
  }

  /**
   * Returns the verifier of a report, created if it is the first one. Two replicas can receive that at the
   * same time.
   */
  private async lockOrCreate(
    { verifier: id, name }: VerifierReportDto,
    actor: Principal,
    now: EpochMilliseconds,
    tx: WriteTransaction,
  ): Promise<Verifier> {
    const known = await this.verifiers.lock(id, tx);
    if (known) {
      return known;
    }
    // The user before any verifier: the deletion of a user locks them in this order, too.
    await this.verifiers.lockUser(actor.id, tx);
    await this.verifiers.deleteBefore(now - KEPT_MILLISECONDS, tx);
    await this.makeRoomFor(actor, now, tx);
    if ((await this.verifiers.count(tx)) >= VERIFIERS_MAX) {
      await this.verifiers.deleteBefore(now - SILENT_MILLISECONDS, tx);
    }
    if ((await this.verifiers.count(tx)) >= VERIFIERS_MAX) {
      throw new ApplicationError('overloaded', {
        detail: `${VERIFIERS_MAX} verifiers have reported within five minutes. Reuse verifiers instead of creating one for each request.`,
        retryAfterSeconds: 60,
      });
    }
    const created: Verifier = {
      id,
      userId: actor.id,
      tokenId: actor.token?.id ?? null,
      name,
      version: null,
      address: actor.origin.address,
      report: 0,
      startTime: now,
      reportTime: now,
      lag: null,
      local: 0,
      asked: 0,
    };
    await this.verifiers.insert(created, tx);
    return (await this.verifiers.lock(id, tx)) ?? created;
  }

  /** Deletes the oldest inactive verifier of a user who has the maximum number. */
  private async makeRoomFor(actor: Principal, now: EpochMilliseconds, tx: WriteTransaction): Promise<void> {
    if ((await this.verifiers.countOf(actor.id, tx)) < VERIFIERS_PER_USER_MAX) {
      return;
    }
    if (!(await this.verifiers.deleteOldestOf(actor.id, now - ACTIVE_MILLISECONDS, tx))) {
      throw new ApplicationError('throttled', {
        detail: `${VERIFIERS_PER_USER_MAX} verifiers of the user ${actor.name} have reported within ${ACTIVE_MILLISECONDS / 1_000} s. Create one verifier per process, or give each service its own user.`,
        retryAfterSeconds: ACTIVE_MILLISECONDS / 1_000,
      });
    }
  }
}

function toVerifierDto(verifier: Verifier, now: number): VerifierDto {
  const { id, name, version, user, address, startTime, reportTime, lag, local, asked } = verifier;
  return {
    id,
    name,
    ...(version !== null && { version }),
    ...(user && { user: user.name }),
    address,
    active: now - reportTime < ACTIVE_MILLISECONDS,
    startTime: toRfc3339(startTime),
    lastReportTime: toRfc3339(reportTime),
    ...(lag !== null && { lag }),
    local,
    asked,
  };
}
