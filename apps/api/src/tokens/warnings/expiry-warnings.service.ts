import { setImmediate as otherWork } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { AuditService, SERVER_ACTOR } from '../../audit/trail/audit.service.js';
import { ClockCheck } from '../../audit/trail/clock-check.service.js';
import { Clock, type EpochMilliseconds } from '../../common/clock.service.js';
import { groupBy } from '../../common/group-by.js';
import { inParts } from '../../common/in-parts.js';
import { RepeatedJob } from '../../platform/database/repeated-job.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { AUDITED_TOKENS_MAX, auditedExpiry, auditedToken, tokenReferences } from '../model/token-audit.js';
import { isLive } from '../model/token-state.js';
import { TokensRepository } from '../model/tokens.repository.js';
import { dueWarning, FIRST_WARNING_MILLISECONDS, type WarningDays } from './due-warning.js';
import {
  ExpiringTokensRepository,
  type ExpiringToken,
  type ExpiryKey,
  type WarnedToken,
} from './expiring-tokens.repository.js';

const PLAN = {
  firstMilliseconds: 60_000,
  intervalMilliseconds: 3_600_000,
  failure: 'Owners could not be warned of tokens that expire soon',
};

/** Maximum number of tokens per run, those that expire first. The next run warns of the others. */
const TOKENS_PER_RUN_MAX = 5_000;

/** Due warning of one token. */
interface Warning extends WarnedToken {
  readonly days: WarningDays;
}

/**
 * Records warnings of API tokens that expire in 30, 14, 7 and 1 days, one entry for each owner and number of
 * days. Disabled tokens get none, and tokens that renew themselves only the last one: the renewal has failed.
 * With an implausible clock, it records nothing.
 */
@Injectable()
export class ExpiryWarnings extends RepeatedJob {
  constructor(
    private readonly expiring: ExpiringTokensRepository,
    private readonly tokens: TokensRepository,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly clock: Clock,
    clockCheck: ClockCheck,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(PLAN, logger, clockCheck);
  }

  protected async work(): Promise<void> {
    const tokens = await this.writes.withAdvisoryLock('expiry warnings', () => this.warn());
    if (tokens) {
      this.logger.info({ tokens }, 'Warned the owners of tokens that expire soon');
    }
  }

  /** Returns the number of tokens in the warnings. */
  private async warn(): Promise<number> {
    const now = this.clock.now();
    const groups = groupBy(
      await this.findDue(now),
      ({ userId, days, isOfVerifier }) => `${userId} ${days} ${isOfVerifier}`,
    );
    let count = 0;
    for (const warnings of groups.values()) {
      for await (const part of inParts(warnings, AUDITED_TOKENS_MAX)) {
        if (!this.isStopping) {
          count += await this.writes.transaction((tx) => this.record(part, now, tx), 'none');
        }
      }
    }
    return count;
  }

  private async findDue(now: EpochMilliseconds): Promise<Warning[]> {
    const due: Warning[] = [];
    let after: ExpiryKey | undefined = { expirationTime: now, id: '' };
    while (after && due.length < TOKENS_PER_RUN_MAX && !this.isStopping) {
      const found: ExpiringToken[] = await this.expiring.find(after, now + FIRST_WARNING_MILLISECONDS);
      after = found.at(-1);
      const days = new Map(
        found.flatMap((token) => {
          const some = dueWarning(token, now);
          return some === undefined ? [] : [[token.id, some] as const];
        }),
      );
      const tokens = await this.expiring.findWarned([...days.keys()], now);
      for (const [id, some] of days) {
        const token = tokens.get(id);
        if (token && canWork(token) && (some === 1 || !token.renewsItself)) {
          due.push({ ...token, days: some });
        }
      }
      // Queries on SQLite are synchronous, so other requests need this pause.
      await otherWork();
    }
    return due.slice(0, TOKENS_PER_RUN_MAX);
  }

  /** Records a warning of tokens of one owner, unless they have changed. Returns their number. */
  private async record(
    warnings: readonly Warning[],
    now: EpochMilliseconds,
    tx: WriteTransaction,
  ): Promise<number> {
    const [first] = warnings;
    const locked = await this.tokens.lockAll(
      warnings.map(({ id }) => id),
      tx,
    );
    const due = warnings.flatMap(({ id, days }) => {
      const token = locked.get(id);
      return token && canWork(token) && isLive(token, token.user, now) && dueWarning(token, now) === days
        ? [token]
        : [];
    });
    if (!first || due.length === 0) {
      return 0;
    }
    await this.tokens.editAll(
      due.map(({ id }) => id),
      { expiryWarningTime: now },
      tx,
    );
    await this.audit.record(
      {
        action: 'authn_token_expiring',
        actor: SERVER_ACTOR,
        subject: { kind: 'user', id: first.userId, name: first.user.name },
        about: tokenReferences(due),
        after: {
          days: first.days,
          ...(first.isOfVerifier && { verifier: true }),
          tokens: due.map((token) => ({
            ...auditedToken(token),
            expirationTime: auditedExpiry(token.expirationTime),
          })),
        },
      },
      tx,
    );
    return due.length;
  }
}

/** Whether a token that has not expired works. */
function canWork({
  enabled,
  user,
  stamp,
  revocationReason,
}: Pick<WarnedToken, 'enabled' | 'user' | 'stamp' | 'revocationReason'>): boolean {
  return enabled && user.enabled && revocationReason === null && stamp > user.tokensRevokedBefore;
}
