import { Injectable } from '@nestjs/common';
import { type TokenBulkRequestDto } from '@latchkey/auth-models';
import { ALL_USERS } from '../../audit/trail/audit-event-subject.entity.js';
import { AuditService } from '../../audit/trail/audit.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { checkNotRestricted, isLimited, type Principal } from '../../common/request/principal.js';
import { checkVersion, type VersionCondition } from '../../common/request/version-condition.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { EscalationPolicy } from '../../permissions/escalation-policy.service.js';
import { type User } from '../../users/model/user.entity.js';
import { UsersService } from '../../users/users.service.js';
import { auditedReason } from '../model/token-audit.js';
import { TokensRepository } from '../model/tokens.repository.js';
import { TokenApprovals } from './token-approvals.js';

/** Revokes all tokens of a user, or of all users, however many, with one time on the row of each user. */
@Injectable()
export class UserRevocationsService {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly users: UsersService,
    private readonly approvals: TokenApprovals,
    private readonly escalation: EscalationPolicy,
    private readonly audit: AuditService,
    private readonly writes: Writes,
  ) {}

  /**
   * Revokes all tokens of the caller except the presented one.
   *
   * @throws ApplicationError `token_revoked`, `forbidden` if the presented token is limited, or the error
   *   of the condition.
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
   * Revokes all tokens of the caller, or of all users, except the presented one, in a transaction of another
   * service. The superseded secret of the presented token is revoked as well.
   *
   * @throws ApplicationError `token_revoked` if the presented token was just revoked, or the error of the
   *   condition.
   */
  async revokeOthersIn(
    actor: Principal,
    tx: WriteTransaction,
    condition?: VersionCondition,
    userIds: readonly string[] | 'all' = [actor.id],
  ): Promise<void> {
    // The user before the token, like a bump: the opposite order is a deadlock on PostgreSQL. And before the
    // check, so that of two tokens that revoke each other one fails.
    await this.users.lock(actor.id, tx);
    const kept = actor.token && (await this.tokens.lockLive(actor.token.id, tx));
    if (!kept) {
      throw new ApplicationError('token_revoked');
    }
    checkVersion(condition, kept.user.version);
    await this.users.revokeTokens(userIds, tx);
    const { tokensRevokedBefore } = (await this.users.lock(actor.id, tx)) ?? kept.user;
    await this.tokens.keep(kept, tokensRevokedBefore + 1, tx);
  }

  /**
   * Revokes the tokens of all users, except the presented one with `keepCurrent`.
   *
   * @throws ApplicationError `forbidden`, or `token_revoked` if the presented token was just revoked.
   */
  async revokeAll(bulk: TokenBulkRequestDto, actor: Principal): Promise<void> {
    await this.writes.transaction(async (tx) => {
      // Without tokens:write, the empty filter matches only the tokens of the actor.
      if (!isForAllTokens(bulk, await this.escalation.lockAndRefresh(actor, tx))) {
        throw new ApplicationError('forbidden', { detail: 'This requires tokens:write.' });
      }
      const keptTokenId = bulk.keepCurrent ? actor.token?.id : undefined;
      await (keptTokenId === undefined
        ? this.users.revokeTokens('all', tx)
        : this.revokeOthersIn(actor, tx, undefined, 'all'));
      // Those of the command line depend on no token.
      const approvals = await this.approvals.endApprovals(undefined, tx);
      await this.audit.record(
        {
          action: 'authn_token_revoked',
          actor,
          subject: { kind: 'token', id: null, name: 'bulk' },
          about: [ALL_USERS],
          after: {
            action: 'revoke',
            all: true,
            ...auditedReason(bulk.reason),
            ...(keptTokenId !== undefined && { keptTokenId }),
            ...(approvals > 0 && { approvals }),
          },
        },
        tx,
      );
    });
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

/**
 * Whether a request revokes the tokens of all users, which is one write instead of one for each token.
 *
 * @throws ApplicationError `forbidden` if the caller cannot see all tokens: without `tokens:read` the same
 *   request would match only its own, and the count for a limited token leaves out canaries.
 */
export function isForAllTokens({ action, filter }: TokenBulkRequestDto, actor: Principal): boolean {
  const { permissions } = actor;
  const isUnfiltered = filter && Object.values(filter).every((value) => value === undefined);
  if (action !== 'revoke' || !isUnfiltered || !permissions.has('tokens:write')) {
    return false;
  }
  if (!permissions.has('tokens:read')) {
    throw new ApplicationError('forbidden', {
      detail:
        'Revoking the tokens of all users also requires tokens:read. DELETE /me/tokens revokes your own.',
    });
  }
  if (isLimited(actor)) {
    throw new ApplicationError('forbidden', {
      detail:
        'Revoking the tokens of all users requires a session or a token without limits. DELETE /users/{name}/tokens revokes those of one user.',
    });
  }
  return true;
}
