import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/trail/audit.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.service.js';
import { checkNotRestricted, type Principal } from '../../common/request/principal.js';
import { checkVersion, type VersionCondition } from '../../common/request/version-condition.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { EscalationPolicy } from '../../permissions/escalation-policy.service.js';
import { type User } from '../../users/model/user.entity.js';
import { UsersService } from '../../users/users.service.js';
import { auditedReason } from '../model/token-audit.js';
import { isLive } from '../model/token-state.js';
import { TokensRepository } from '../model/tokens.repository.js';

/** Revokes all tokens of a user, however many, with one time on the user's row. */
@Injectable()
export class UserRevocationsService {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly users: UsersService,
    private readonly escalation: EscalationPolicy,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly clock: Clock,
  ) {}

  /**
   * Revokes all tokens of the caller except the presented one.
   *
   * @throws ApplicationError `token_revoked`, `forbidden` if the presented token is limited, or the error of the condition.
   */
  async revokeOthers(actor: Principal, condition?: VersionCondition): Promise<void> {
    checkNotRestricted(actor);
    await this.writes.transaction(
      async (tx) => {
        await this.revokeOthersIn(actor, tx, condition);
        await this.record(actor, actor, { keptTokenId: actor.token?.id }, tx);
      },
      [actor.id],
    );
  }

  /** Revokes all tokens of a user. @throws ApplicationError `not_found`, or the error of the condition. */
  async revokeAllOf(
    name: string,
    actor: Principal,
    { condition, reason }: { condition?: VersionCondition; reason?: string } = {},
  ): Promise<void> {
    await this.writes.transaction(
      async (tx) => {
        await this.escalation.lockAndRefresh(actor, tx);
        const user = await this.users.getByName(name, tx);
        checkVersion(condition, user.version);
        await this.users.revokeTokens([user.id], tx);
        await this.record(user, actor, auditedReason(reason), tx);
        return [user.id];
      },
      (userIds) => userIds,
    );
  }

  /**
   * Revokes all tokens of the caller except the presented one, in a transaction of another service.
   *
   * @throws ApplicationError `token_revoked` if the presented token was just revoked, or the error of the condition.
   */
  revokeOthersIn(actor: Principal, tx: WriteTransaction, condition?: VersionCondition): Promise<void> {
    const revoke = () => this.users.revokeTokens([actor.id], tx);
    return this.keepPresented(actor, revoke, tx, condition);
  }

  /**
   * Excludes the presented token, but not its superseded secret, from a revocation of all tokens of its user.
   *
   * @throws ApplicationError `token_revoked` if the presented token was just revoked, or the error of the condition.
   */
  async keepPresented(
    actor: Principal,
    revoke: () => Promise<void>,
    tx: WriteTransaction,
    condition?: VersionCondition,
  ): Promise<void> {
    const now = this.clock.now();
    // The user before the token, like a bump: the opposite order is a deadlock on PostgreSQL. And before the check, so that
    // of two tokens that revoke each other one fails.
    await this.users.lock(actor.id, tx);
    const kept = actor.token && (await this.tokens.lock(actor.token.id, tx));
    if (!kept || !isLive(kept, kept.user, now)) {
      throw new ApplicationError('token_revoked');
    }
    checkVersion(condition, kept.user.version);
    await revoke();
    const { tokensRevokedBefore } = (await this.users.lock(actor.id, tx)) ?? kept.user;
    await this.tokens.keep(kept, tokensRevokedBefore + 1, now, tx);
  }

  private record(
    user: Pick<User, 'id' | 'name'>,
    actor: Principal,
    after: object,
    tx: WriteTransaction,
  ): Promise<void> {
    return this.audit.record(
      {
        action: 'authn_token_revoked',
        actor,
        subject: { kind: 'user', id: user.id, name: user.name },
        after: { all: true, ...after },
      },
      tx,
    );
  }
}
