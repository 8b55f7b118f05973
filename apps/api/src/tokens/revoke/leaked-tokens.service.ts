import { Inject, Injectable } from '@nestjs/common';
import { LEAK_REPORT_ACTOR_ID } from '@latchkey/auth-models';
import { AuditService } from '../../audit/trail/audit.service.js';
import { Clock, type EpochMilliseconds } from '../../common/clock.service.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { Config } from '../../platform/config/config.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import {
  auditedIdentity,
  auditedReason,
  tokenReferences,
  tokenSubject,
  type AuditedToken,
} from '../model/token-audit.js';
import { RotatedSecretsRepository } from '../model/rotated-secrets.repository.js';
import { type RotatedSecret } from '../model/rotated-secret.entity.js';
import { REFERENCES_MAX, TokenLineageRepository } from '../model/token-lineage.repository.js';
import { isLive, isRenewable } from '../model/token-state.js';
import {
  ownerIdsOf,
  TokensRepository,
  type OwnedToken,
  type TokenBulkEdit,
} from '../model/tokens.repository.js';
import { CanaryAlarms, type FoundAt } from '../usage/canary-alarms.service.js';
import { auditedDescendants, isNothing, RevocationsService } from './revocations.service.js';

/** Actor of actions that follow a leak report. No user can have this name, because it contains a space. */
const LEAK_REPORT_ACTOR = { id: LEAK_REPORT_ACTOR_ID, name: 'leak report' } as const;

/** Report of one secret that has leaked. */
export interface LeakReport extends FoundAt {
  /** Digest of the secret. */
  readonly digest: string;
}

/** Effect of a report on a token, for the audit trail. */
type LeakEffect = 'revoked' | 'disabled' | 'superseded_secret_revoked' | 'none';

/**
 * Effect of a report, with its reason if the current secret was not the reported one. `edit` is absent if the
 * token does not change.
 */
interface PlannedEffect {
  readonly effect: LeakEffect;
  readonly edit?: TokenBulkEdit;
  readonly reason?: string;
}

const ROTATED_WITH_REPORTED = 'The current secret results from a rotation with the reported secret.';
const ROTATED_BY_OTHERS = 'A caller without the reported secret has rotated the token.';

/**
 * Revokes or disables tokens whose secrets have leaked. Knowing the secret is proof enough, so the sender
 * needs no credentials.
 */
@Injectable()
export class LeakedTokensService {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly lineage: TokenLineageRepository,
    private readonly rotatedSecrets: RotatedSecretsRepository,
    private readonly revocations: RevocationsService,
    private readonly canaries: CanaryAlarms,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly config: Config,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Applies reports, each in its own transaction. Unknown secrets are compared with canaries, and otherwise
   * have no effect.
   *
   * @throws the last failure, after all reports were attempted.
   */
  async report(reports: readonly LeakReport[], origin: RequestOrigin): Promise<void> {
    const distinct = new Map(reports.map((report) => [report.digest, report]));
    const ids = await atMostTwice(() => this.findTokenIds([...distinct.keys()]));
    const failures: unknown[] = [];
    const tokenIds: string[] = [];
    for (const [digest, report] of distinct) {
      const id = ids.get(digest);
      if (id === undefined) {
        const { source, url } = report;
        this.canaries.take(digest, origin, { source, url });
        continue;
      }
      const apply = (tx: WriteTransaction) => this.apply(id, report, origin, tx);
      try {
        await atMostTwice(() => this.writes.transaction(apply, ownerIdsOf));
      } catch (err) {
        failures.push(err);
        tokenIds.push(id);
      }
    }
    if (failures.length > 0) {
      this.logger.error({ tokenIds }, 'Leaked tokens could not be revoked or disabled');
      throw failures.at(-1);
    }
  }

  /** Returns the ids of the tokens that have, or had, the secrets with some digests. */
  private async findTokenIds(digests: readonly string[]): Promise<Map<string, string>> {
    // In this order: a secret that a rotation replaces meanwhile is found by the second query.
    const current = await this.tokens.findIdsByDigests(digests);
    return new Map([...(await this.rotatedSecrets.findTokenIds(digests)), ...current]);
  }

  /** Applies a report to a token that has, or had, the secret. Returns the tokens that it changed. */
  private async apply(
    id: string,
    { digest, source, url }: LeakReport,
    origin: RequestOrigin,
    tx: WriteTransaction,
  ): Promise<readonly AuditedToken[]> {
    await this.lineage.lockTree(id, tx);
    const token = await this.tokens.lock(id, tx);
    const planned = token && (await this.plan(token, digest, tx));
    if (!planned) {
      return [];
    }
    const { effect, edit, reason } = planned;
    const leakReportTime = this.clock.now();
    if (token.digest !== digest) {
      await this.rotatedSecrets.setLeakReportTime(digest, leakReportTime, tx);
    }
    if (edit) {
      await this.tokens.editAll([id], { ...edit, leakReportTime }, tx);
    }
    const revoked = effect === 'revoked' ? await this.revocations.revokeDescendants(token, tx) : undefined;
    const below = revoked?.tokens ?? [];
    const { subject, about } = tokenSubject(token);
    const found = { ...(source !== undefined && { source }), ...(url !== undefined && { url }) };
    await this.audit.record(
      {
        action: 'authn_token_leaked',
        actor: LEAK_REPORT_ACTOR,
        subject,
        about: [...about, ...tokenReferences(below.slice(0, REFERENCES_MAX))],
        origin,
        after: {
          effect,
          ...auditedReason(reason),
          ...auditedIdentity(token),
          ...found,
          ...(revoked && !isNothing(revoked) && auditedDescendants(revoked)),
        },
      },
      tx,
    );
    this.logger.warn(
      { tokenId: id, tokenPreview: token.preview, effect, descendants: below.length, ...found },
      'A token was reported as leaked',
    );
    return [token, ...below];
  }

  /**
   * Returns the effect of a report, or `undefined` if there is none: the token cannot work again, or the same
   * report had this effect before.
   */
  private async plan(
    token: OwnedToken,
    digest: string,
    tx: WriteTransaction,
  ): Promise<PlannedEffect | undefined> {
    const now = this.clock.now();
    if (!isLive(token, token.user, now) && !isRenewable(token, token.user, now)) {
      return undefined;
    }
    if (token.digest === digest) {
      return this.planForCurrent(token, now);
    }
    const rotated = await this.rotatedSecrets.findByDigest(digest, tx);
    if (rotated && (await this.rotatedSecrets.hasLedTo(token, rotated, tx))) {
      const planned = this.planForCurrent(token, now);
      return planned && { ...planned, reason: ROTATED_WITH_REPORTED };
    }
    return this.planForReplaced(token, digest, rotated, now);
  }

  /** Returns the effect of a report of a secret that is current, or that led to the current one. */
  private planForCurrent(token: OwnedToken, now: EpochMilliseconds): PlannedEffect | undefined {
    if (this.config.leakedTokens === 'revoke') {
      return { effect: 'revoked', edit: { revocationReason: 'revoked', revocationTime: now } };
    }
    return token.enabled || token.leakReportTime === null
      ? { effect: 'disabled', edit: { enabled: false } }
      : undefined;
  }

  /**
   * Returns the effect of a report of a secret that another caller replaced. The report of one that no longer
   * works is recorded once.
   */
  private planForReplaced(
    token: OwnedToken,
    digest: string,
    rotated: RotatedSecret | null,
    now: EpochMilliseconds,
  ): PlannedEffect | undefined {
    const isInGrace = token.previousDigest === digest && (token.previousExpirationTime ?? 0) > now;
    if (isInGrace && isLive(token, token.user, now)) {
      return {
        effect: 'superseded_secret_revoked',
        edit: { previousDigest: null, previousExpirationTime: now },
        ...(rotated && { reason: ROTATED_BY_OTHERS }),
      };
    }
    return rotated?.leakReportTime === null ? { effect: 'none', reason: ROTATED_BY_OTHERS } : undefined;
  }
}

/** Returns the result of an attempt, or of a second one if the first fails. */
async function atMostTwice<Result>(attempt: () => Promise<Result>): Promise<Result> {
  try {
    return await attempt();
  } catch {
    return attempt();
  }
}
