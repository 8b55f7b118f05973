import { setImmediate as otherWork } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/trail/audit.service.js';
import { changedMembers } from '../../audit/trail/changed-members.js';
import { Clock } from '../../common/clock.js';
import { type Principal } from '../../common/request/principal.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.js';
import { ThrottleService } from '../../throttle/throttle.service.js';
import { UserTokenRemovalService } from '../tokens/revoke/user-token-removal.service.js';
import { UserPasswordsRepository } from '../passwords/user-passwords.repository.js';
import { type User } from './model/user.entity.js';
import { ownerIdsOf } from '../tokens/model/tokens.repository.js';
import { UsersRepository } from './model/users.repository.js';

/** Tokens that go with their user in one statement; more would keep everybody waiting. */
const TOKENS_AT_ONCE = 500;

/** Options for the deletion of a user. */
export interface DeletionOptions {
  /** Whether tokens of others that were created with the user's stay valid. */
  readonly keepDescendants?: boolean | undefined;
}

/** Outcome of a transaction that deletes users. */
export interface DeletionStart {
  /** Ids of those who are shut out, and can be deleted when their tokens are removed. */
  readonly shutOut: ReadonlySet<string>;
  /** Ids of other users whose tokens were revoked. */
  readonly affected: readonly string[];
}

/**
 * Makes way for the deletion of users who have very many tokens: these go first, a few at a time, while the user is shut
 * out. Whatever stops that on its way leaves somebody who is disabled, as the audit trail says, and can be deleted again.
 */
@Injectable()
export class UserDeletion {
  constructor(
    private readonly users: UsersRepository,
    private readonly passwords: UserPasswordsRepository,
    private readonly tokens: UserTokenRemovalService,
    private readonly throttle: ThrottleService,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly clock: Clock,
  ) {}

  /**
   * Deletes users, in the transaction that records it; who has very many tokens is only shut out, which is recorded here.
   * Tokens of others that were created with theirs are revoked in the same transaction, unless they are to be kept.
   */
  async begin(
    users: readonly User[],
    { keepDescendants }: DeletionOptions,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<DeletionStart> {
    const ids = users.map(({ id }) => id);
    // Every transaction locks users before tokens, and the end of the audit trail last: else two could wait for each other.
    await this.users.lockAll(ids, tx);
    const shutOut = new Set(await this.tokens.findOwnersOfMore(TOKENS_AT_ONCE, ids, tx));
    const deletable = ids.filter((id) => !shutOut.has(id));
    const ancestorOwners = keepDescendants ? [] : ids;
    const revoked = await this.tokens.revokeDescendants(deletable, ancestorOwners, tx);
    // Whoever gets a name next has not been anywhere yet.
    await this.throttle.forgetNetworks(
      users.map(({ name }) => name),
      tx,
    );
    await this.users.delete(deletable, tx);
    if (shutOut.size > 0) {
      await this.passwords.shutOut([...shutOut], this.clock.now(), tx);
    }
    await this.tokens.record(revoked, users, actor, tx);
    await this.recordShutOut(
      users.filter(({ id }) => shutOut.has(id)),
      actor,
      tx,
    );
    return { shutOut, affected: ownerIdsOf(revoked) };
  }

  /** Deletes all tokens of a user a few at a time, so that others get their turn between. */
  async removeTokens(userId: string): Promise<void> {
    for (let deleted = TOKENS_AT_ONCE; deleted === TOKENS_AT_ONCE;) {
      deleted = await this.writes.transaction(
        (tx) => this.tokens.deleteSomeOf(userId, TOKENS_AT_ONCE, tx),
        [userId],
      );
      // The queue alone would give the others' writes their turn, but not their reads.
      await otherWork();
    }
  }

  private async recordShutOut(users: readonly User[], actor: Principal, tx: WriteTransaction): Promise<void> {
    for (const { id, name, enabled } of users) {
      const changes = changedMembers({ enabled }, { enabled: false });
      await this.audit.record(
        {
          action: 'user_updated',
          actor,
          origin: actor.origin,
          subject: { kind: 'user', id, name },
          ...changes,
          after: { ...changes?.after, shutOutForDeletion: true },
        },
        tx,
      );
    }
  }
}
