import { Inject, Injectable } from '@nestjs/common';
import { LEAK_REPORT_ACTOR_ID } from '@latchkey/auth-models';
import { AuditService } from '../../../audit/trail/audit.service.js';
import { Clock } from '../../../common/clock.js';
import { type RequestOrigin } from '../../../common/request/request-origin.js';
import { Config } from '../../../platform/config/config.js';
import { Writes, type WriteTransaction } from '../../../platform/database/writes.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { auditedIdentity, tokenReferences, tokenSubject, type AuditedToken } from '../model/token-audit.js';
import { REFERENCES_MAX, TokenLineageRepository } from '../model/token-lineage.repository.js';
import { isLive, isRenewable } from '../model/token-state.js';
import {
  ownerIdsOf,
  TokensRepository,
  type OwnedToken,
  type TokenBulkEdit,
} from '../model/tokens.repository.js';
import { CanaryAlarms, type FoundAt } from '../usage/canary-alarms.js';
import { auditedDescendants, isNothing, RevocationsService } from './revocations.service.js';

/** Actor of actions that follow a leak report. No user can have this name, because it contains a space. */
const LEAK_REPORT_ACTOR = { id: LEAK_REPORT_ACTOR_ID, name: 'leak report' } as const;

/** Report of one secret that has leaked. */
export interface LeakReport extends FoundAt {
  /** Digest of the secret. */
  readonly digest: string;
}

/** Effect of a report on a token, for the audit trail. */
type LeakEffect = 'revoked' | 'disabled' | 'superseded_secret_revoked';

/** Revokes or disables tokens whose secrets have leaked. Knowing the secret is proof enough, so the sender needs no credentials. */
@Injectable()
export class LeakedTokensService {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly lineage: TokenLineageRepository,
    private readonly revocations: RevocationsService,
    private readonly canaries: CanaryAlarms,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly config: Config,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Applies reports, each in its own transaction. Unknown secrets are compared with canaries, and otherwise have no effect.
   *
   * @returns the digests of the secrets that a token has or had.
   * @throws the last failure, after all reports were attempted.
   */
  async report(reports: readonly LeakReport[], origin: RequestOrigin): Promise<ReadonlySet<string>> {
    const distinct = new Map(reports.map((report) => [report.digest, report]));
    const ids = await atMostTwice(() => this.tokens.findIdsByDigests([...distinct.keys()]));
    const failures: unknown[] = [];
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
        this.logger.error({ err, tokenId: id }, 'A leaked token could not be revoked or disabled');
        failures.push(err);
      }
    }
    if (failures.length > 0) {
      throw failures.at(-1);
    }
    return new Set(ids.keys());
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
    const planned = token && this.plan(token, digest);
    if (!planned) {
      return [];
    }
    const { effect, edit } = planned;
    await this.tokens.editAll([id], { ...edit, leakReportTime: this.clock.now() }, tx);
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
   * Returns the effect of a report, or `undefined` if there is none: the secret no longer works and cannot be renewed, or the token
   * is already disabled because of a report. A superseded secret is revoked on its own, because the rotation already replaced it.
   */
  private plan(token: OwnedToken, digest: string): { effect: LeakEffect; edit: TokenBulkEdit } | undefined {
    const now = this.clock.now();
    const isAlive = isLive(token, token.user, now);
    if (token.digest !== digest) {
      const isInGrace = token.previousDigest === digest && (token.previousEndTime ?? 0) > now;
      return isAlive && isInGrace
        ? { effect: 'superseded_secret_revoked', edit: { previousDigest: null, previousEndTime: now } }
        : undefined;
    }
    if (!isAlive && !isRenewable(token, token.user, now)) {
      return undefined;
    }
    if (this.config.leakedTokens === 'revoke') {
      return { effect: 'revoked', edit: { endReason: 'revoked', revocationTime: now } };
    }
    return token.enabled || token.leakReportTime === null
      ? { effect: 'disabled', edit: { enabled: false } }
      : undefined;
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
