import { setImmediate as otherWork } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AuditService, changedMembers } from '../audit/trail/audit.service.js';
import { type Principal } from '../common/request/principal.js';
import { Writes, type WriteTransaction } from '../platform/database/writes.service.js';
import { ThrottleService } from '../throttle/throttle.service.js';
import { UserPasswordsRepository } from './passwords/user-passwords.repository.js';
import { type User } from './model/user.entity.js';
import { UsersRepository } from './model/users.repository.js';
import { UserTokens } from './user-tokens.js';

/** Maximum number of tokens deleted with their user in one statement. More would block other requests. */
const TOKENS_AT_ONCE = 500;

/** Options for the deletion of a user. */
export interface DeletionOptions {
  /** Whether tokens of others that were created with the user's stay valid. */
  readonly keepDescendants?: boolean | undefined;
}

/** Outcome of a transaction that deletes users. */
export interface DeletionStart {
  /** Ids of users who are only suspended. They can be deleted when their tokens are removed. */
  readonly suspended: ReadonlySet<string>;
  /** Ids of other users whose tokens were revoked. */
  readonly affected: readonly string[];
}

/**
 * Deletes users. A user with many tokens is suspended first, and the tokens are deleted in batches. If this
 * is interrupted, the user stays disabled, as the audit trail records, and can be deleted again.
 */
@Injectable()
export class UserDeletion {
  constructor(
    private readonly users: UsersRepository,
    private readonly passwords: UserPasswordsRepository,
    private readonly tokens: UserTokens,
    private readonly throttle: ThrottleService,
    private readonly audit: AuditService,
    private readonly writes: Writes,
  ) {}

  /**
   * Deletes users in the caller's transaction. Users with many tokens are only suspended, which is recorded
   * here. The same transaction revokes tokens of others that were created with theirs, unless
   * `keepDescendants` is set.
   */
  async begin(
    users: readonly User[],
    { keepDescendants }: DeletionOptions,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<DeletionStart> {
    const ids = users.map(({ id }) => id);
    // Every transaction locks users before tokens, and the end of the audit trail last, which prevents
    // deadlocks.
    await this.users.lockAll(ids, tx);
    const suspended = new Set(await this.tokens.findOwnersOfMore(TOKENS_AT_ONCE, ids, tx));
    const deletable = ids.filter((id) => !suspended.has(id));
    const ancestorOwners = keepDescendants ? [] : ids;
    const revoked = await this.tokens.revokeDescendants(deletable, ancestorOwners, tx);
    // A later user with the same name must not inherit known networks.
    await this.throttle.forgetNetworks(
      users.map(({ name }) => name),
      tx,
    );
    await this.users.delete(deletable, tx);
    if (suspended.size > 0) {
      await this.passwords.suspend([...suspended], tx);
    }
    await revoked.record(users, actor, tx);
    await this.recordSuspension(
      users.filter(({ id }) => suspended.has(id)),
      actor,
      tx,
    );
    return { suspended, affected: revoked.userIds };
  }

  /** Deletes all tokens of a user in batches, so that other writes run in between. */
  async removeTokens(userId: string): Promise<void> {
    for (let deleted = TOKENS_AT_ONCE; deleted === TOKENS_AT_ONCE;) {
      deleted = await this.writes.transaction(
        (tx) => this.tokens.deleteSomeOf(userId, TOKENS_AT_ONCE, tx),
        [userId],
      );
      // The write queue alone would let other writes run, but not reads.
      await otherWork();
    }
  }

  private async recordSuspension(
    users: readonly User[],
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<void> {
    for (const { id, name, enabled } of users) {
      const changes = changedMembers({ enabled }, { enabled: false });
      await this.audit.record(
        {
          action: 'user_updated',
          actor,
          subject: { kind: 'user', id, name },
          ...changes,
          after: { ...changes?.after, shutOutForDeletion: true },
        },
        tx,
      );
    }
  }
}
