import { Inject, Injectable } from '@nestjs/common';
import { AuditService, SERVER_ACTOR } from '../../audit/trail/audit.service.js';
import { ClockCheck } from '../../audit/trail/clock-check.service.js';
import { Clock } from '../../common/clock.service.js';
import { RepeatedJob } from '../../platform/database/repeated-job.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { RotatedSecretsRepository } from '../model/rotated-secrets.repository.js';
import { auditedExpiry, auditedIdentity, tokenSubject } from '../model/token-audit.js';
import { isLive } from '../model/token-state.js';
import { TokensRepository } from '../model/tokens.repository.js';

const PLAN = {
  firstMilliseconds: 90_000,
  intervalMilliseconds: 5 * 60_000,
  failure: 'Late uses of superseded secrets could not be recorded',
};

/**
 * Records that the superseded secret of a token is still in use at the end of its grace period, once for each
 * rotation. Its client will then stop working.
 */
@Injectable()
export class OldSecretWarnings extends RepeatedJob {
  constructor(
    private readonly secrets: RotatedSecretsRepository,
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
    await this.writes.withAdvisoryLock('old secret warnings', () => this.warn());
  }

  private async warn(): Promise<void> {
    for (const id of await this.secrets.findLateUses(this.clock.now())) {
      if (this.isStopping) {
        return;
      }
      await this.writes.transaction((tx) => this.record(id, tx), 'none');
    }
  }

  /** Records the uses of a token, unless it was rotated or revoked meanwhile. */
  private async record(id: string, tx: WriteTransaction): Promise<void> {
    const now = this.clock.now();
    const token = await this.tokens.lock(id, tx);
    if (!token || token.previousDigest === null || token.previousReportTime !== null) {
      return;
    }
    if (token.previousLastUsageTime === null || !isLive(token, token.user, now)) {
      return;
    }
    await this.tokens.editAll([id], { previousReportTime: now }, tx);
    const { previousLastUsageAgent: agent, previousLastUsageReporter: service } = token;
    await this.audit.record(
      {
        action: 'authn_old_secret_used',
        actor: SERVER_ACTOR,
        ...tokenSubject(token),
        origin: { address: token.previousLastUsageAddress ?? '' },
        after: {
          ...auditedIdentity(token),
          supersededUntil: auditedExpiry(token.previousExpirationTime),
          count: token.previousUses,
          lastUsageTime: auditedExpiry(token.previousLastUsageTime),
          ...(agent !== null && { userAgent: agent }),
          ...(service !== null && { service }),
        },
      },
      tx,
    );
  }
}
