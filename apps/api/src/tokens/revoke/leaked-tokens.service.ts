import { Injectable } from '@nestjs/common';
import { LEAK_REPORT_ACTOR_ID } from '@latchkey/auth-models';
import { Clock, type EpochMilliseconds } from '../../common/clock.service.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { Config } from '../../platform/config/config.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { auditedIdentity, auditedReason, auditedTokens } from '../model/token-audit.js';
import { RotatedSecretsRepository } from '../model/rotated-secrets.repository.js';
import { type RotatedSecret } from '../model/rotated-secret.entity.js';
import { isLive, isRenewable } from '../model/token-state.js';
import {
  ownerIdsOf,
  TokensRepository,
  type OwnedToken,
  type TokenBulkEdit,
} from '../model/tokens.repository.js';
import { type FoundAt } from '../usage/canary-records.service.js';
import { DescendantRevocations, isNothing } from './descendant-revocations.service.js';

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
    private readonly rotatedSecrets: RotatedSecretsRepository,
    private readonly descendants: DescendantRevocations,
    private readonly writes: Writes,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Returns the ids of the tokens that have, or had, the secrets with some digests, by digest. */
  findTokenIds(digests: readonly string[]): Promise<Map<string, string>> {
    return this.rotatedSecrets.findAllTokenIds(digests);
  }

  /** Applies a report to a token that has, or had, the secret. Returns its effect, if any. */
  apply(id: string, { digest, ...foundAt }: LeakReport, origin: RequestOrigin) {
    const apply = async (tx: WriteTransaction) => {
      const token = await this.tokens.lockTree(id, tx);
      const planned = token && (await this.plan(token, digest, tx));
      if (!planned) {
        return undefined;
      }
      const { effect, edit, reason } = planned;
      const leakReportTime = this.clock.now();
      if (token.digest !== digest) {
        await this.rotatedSecrets.setLeakReportTime(digest, leakReportTime, tx);
      }
      if (edit) {
        await this.tokens.editAll([id], { ...edit, leakReportTime }, tx);
      }
      const below = effect === 'revoked' ? await this.descendants.revoke(id, tx) : undefined;
      const revoked = below && isNothing(below) ? undefined : below;
      const after = {
        effect,
        ...auditedReason(reason),
        ...auditedIdentity(token),
        ...foundAt,
        ...(revoked && auditedTokens([token, ...revoked.tokens])),
      };
      const record = {
        action: 'authn_token_leaked',
        actor: LEAK_REPORT_ACTOR,
        origin,
        after,
        revoked,
      } as const;
      await this.descendants.record(token, record, tx);
      return { token, effect, below: revoked?.tokens ?? [] };
    };
    return this.writes.transaction(apply, (applied) =>
      applied ? ownerIdsOf([applied.token, ...applied.below]) : 'none',
    );
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
