import { Injectable } from '@nestjs/common';
import { type BulkResultDto, type TokenBulkRequestDto } from '@latchkey/auth-models';
import { AuditService } from '../../audit/trail/audit.service.js';
import { ALL_USERS } from '../../audit/trail/audit-event-subject.entity.js';
import { ApplicationError } from '../../common/application-error.js';
import { isLimited, type Principal } from '../../common/request/principal.js';
import { Writes } from '../../platform/database/writes.service.js';
import { EscalationPolicy } from '../../permissions/escalation-policy.service.js';
import { visibilityOf } from '../access/token-visibility.js';
import { auditedReason } from '../model/token-audit.js';
import { TokenListService } from '../list/token-list.service.js';
import { TokenApprovals } from '../revoke/token-approvals.js';
import { UserRevocationsService } from '../revoke/user-revocations.service.js';
import { UsersService } from '../../users/users.service.js';
import { checkExpectedCount } from '../../users/bulk/bulk-engine.service.js';

/** Revokes the tokens of all users, however many, with one statement on the users. */
@Injectable()
export class RevokeAllTokensService {
  constructor(
    private readonly list: TokenListService,
    private readonly revocations: UserRevocationsService,
    private readonly users: UsersService,
    private readonly approvals: TokenApprovals,
    private readonly escalation: EscalationPolicy,
    private readonly audit: AuditService,
    private readonly writes: Writes,
  ) {}

  /**
   * Revokes all tokens, except the presented one with `keepCurrent`. `keepCurrent` confirms the request like a count, because in
   * an emergency there is no time for a dry run.
   *
   * @throws ApplicationError `validation_failed`, `count_grown`, `forbidden`, or `token_revoked` if the presented token was just
   *   revoked.
   */
  async revoke(bulk: TokenBulkRequestDto, actor: Principal): Promise<BulkResultDto> {
    checkConfirmed(bulk);
    const keptId = bulk.keepCurrent ? actor.token?.id : undefined;
    const count = (await this.list.count({}, visibilityOf(actor))) - (keptId === undefined ? 0 : 1);
    checkExpectedCount({ expectedCount: bulk.expectedCount }, count);
    await this.writes.transaction(async (tx) => {
      // Without tokens:write, the empty filter matches only the tokens of the actor.
      if (!isForAllTokens(bulk, await this.escalation.lockAndRefresh(actor, tx))) {
        throw new ApplicationError('forbidden', { detail: 'This requires tokens:write.' });
      }
      const revoke = () => this.users.revokeTokens('all', tx);
      await (keptId === undefined ? revoke() : this.revocations.keepPresented(actor, revoke, tx));
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
            ...(keptId !== undefined && { keptTokenId: keptId }),
            ...(approvals > 0 && { approvals }),
          },
        },
        tx,
      );
    });
    return { count, results: [] };
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

/** Requires a confirmation, because a filter whose only value got lost is empty too. */
function checkConfirmed({ keepCurrent, expectedCount }: TokenBulkRequestDto): void {
  if (keepCurrent === undefined && expectedCount === undefined) {
    const message =
      'this would revoke the tokens of all users: send keepCurrent, or "dryRun": true first and then its count';
    throw new ApplicationError('validation_failed', {
      errors: [{ pointer: '/expectedCount', code: 'is_expected', message }],
    });
  }
}
