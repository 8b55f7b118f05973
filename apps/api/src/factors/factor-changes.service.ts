import { Injectable } from '@nestjs/common';
import { type AuditAction } from '@latchkey/auth-models';
import { AuditService } from '../audit/trail/audit.service.js';
import { type Principal } from '../common/request/principal.js';
import { type AffectedUsers } from '../platform/database/affected-users.js';
import { Writes, type WriteTransaction } from '../platform/database/writes.service.js';
import { TokenAccess } from '../tokens/access/token-access.service.js';
import { UsersService } from '../users/users.service.js';

/** Runs and records changes of the caller's second factors. */
@Injectable()
export class FactorChanges {
  constructor(
    private readonly users: UsersService,
    private readonly access: TokenAccess,
    private readonly audit: AuditService,
    private readonly writes: Writes,
  ) {}

  /**
   * Runs a change in a transaction that locks the user, so that no session starts beside it.
   *
   * @param affected the actor if the change renews the proof of the session, which is cached.
   * @throws ApplicationError `forbidden` or `token_revoked` unless the session is still valid and unlimited.
   */
  make<T>(
    actor: Principal,
    work: (tx: WriteTransaction) => Promise<T>,
    affected: AffectedUsers = 'none',
  ): Promise<T> {
    return this.writes.transaction(async (tx) => {
      await this.users.lock(actor.id, tx);
      await this.access.checkUnlimitedSession(actor, tx);
      return work(tx);
    }, affected);
  }

  async record(
    action: AuditAction,
    change: { before?: object; after?: object },
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<void> {
    const subject = { kind: 'user' as const, id: actor.id, name: actor.name };
    await this.audit.record({ action, actor, subject, ...change }, tx);
  }
}
