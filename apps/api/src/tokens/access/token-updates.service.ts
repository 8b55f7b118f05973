import { Injectable } from '@nestjs/common';
import { AuditService, changedMembers } from '../../audit/trail/audit.service.js';
import { type Principal } from '../../common/request/principal.js';
import { stale, type VersionCondition } from '../../common/request/version-condition.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { apisIn, intersectScopes, isWithin } from '../../permissions/scope.js';
import { auditedIdentity, auditedMembers, tokenReferences, tokenSubject } from '../model/token-audit.js';
import { TokenLineageRepository, type Descendant } from '../model/token-lineage.repository.js';
import { type Token } from '../model/token.entity.js';
import { TokensRepository, type OwnedToken } from '../model/tokens.repository.js';
import { areWithin, intersectAddresses, readUseLimits, toStored } from '../model/use-limits.js';

/** Limits that narrow the tokens that were created with a token. */
interface Narrowing {
  readonly scope: boolean;
  readonly addresses: boolean;
}

/** Result of a narrowing. */
interface Narrowed {
  /** Number of changes. */
  readonly count: number;
  /** The first descendants, for the audit trail. */
  readonly some: readonly Descendant[];
  /** Owners of the descendants. */
  readonly owners: readonly Pick<Token, 'userId'>[];
}

/** Stores updates of tokens. */
@Injectable()
export class TokenUpdates {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly lineage: TokenLineageRepository,
    private readonly audit: AuditService,
  ) {}

  /**
   * Stores an update with its audit entry and returns the owners of all changed tokens, or `undefined` if
   * nothing changes.
   *
   * @throws ApplicationError the error of the condition if the token was changed meanwhile.
   */
  async store(
    token: OwnedToken,
    edit: Partial<Token>,
    narrowing: Narrowing,
    condition: VersionCondition,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<readonly Pick<Token, 'userId'>[] | undefined> {
    const edited = { ...token, ...edit };
    const changes = changedMembers(auditedMembers(token), auditedMembers(edited));
    // Responses do not show all parts of a scope.
    if (!changes && edited.scope === token.scope) {
      return undefined;
    }
    const narrowed = await this.narrow(edited, narrowing, tx);
    if (!(await this.tokens.update(token, edit, tx))) {
      throw stale(condition);
    }
    const { subject, about } = tokenSubject(token);
    await this.audit.record(
      {
        action: 'authn_token_updated',
        actor,
        subject,
        about: [...about, ...tokenReferences(narrowed.some)],
        before: { ...auditedIdentity(token), ...changes?.before },
        after: {
          ...auditedIdentity(token),
          ...changes?.after,
          ...(narrowed.count > 0 && { narrowedDescendants: narrowed.count }),
        },
      },
      tx,
    );
    return [token, ...narrowed.owners];
  }

  /**
   * Narrows the tokens that were created with a token to its scope and addresses. Call
   * `TokenAccess.getWritableTree` first.
   */
  async narrow(
    token: Pick<Token, 'id' | 'scope' | 'useLimits'>,
    { scope, addresses }: Narrowing,
    tx: WriteTransaction,
  ): Promise<Narrowed> {
    const count =
      (scope ? await this.narrowScopes(token, tx) : 0) +
      (addresses ? await this.narrowAddresses(token, tx) : 0);
    return count === 0
      ? { count, some: [], owners: [] }
      : {
          count,
          some: await this.lineage.findSomeDescendants(token.id, tx),
          owners: await this.lineage.findOwnersOfDescendants(token.id, tx),
        };
  }

  private async narrowScopes(
    { id, scope }: Pick<Token, 'id' | 'scope'>,
    tx: WriteTransaction,
  ): Promise<number> {
    let count = 0;
    for (;;) {
      const wider = (await this.lineage.findScopesOfDescendants(id, tx)).filter(
        (token) => !isWithin(token.scope, scope) || !isWithin(token.maxScope, scope),
      );
      if (wider.length === 0) {
        return count;
      }
      const narrower = wider.map((token) => ({
        id: token.id,
        scope: intersectScopes(token.scope, scope),
        maxScope: intersectScopes(token.maxScope, scope),
      }));
      await this.lineage.updateScopes(narrower, tx);
      await this.lineage.updateApisOfDescendants(id, apisIn(scope), tx);
      count += wider.length;
      // Repeat, because another token may have been created with one of them while this transaction waited
      // for its row.
    }
  }

  private async narrowAddresses(
    { id, useLimits }: Pick<Token, 'id' | 'useLimits'>,
    tx: WriteTransaction,
  ): Promise<number> {
    const { allowedAddresses } = readUseLimits(useLimits);
    let count = 0;
    while (allowedAddresses) {
      const wider = (await this.lineage.findUseLimitsOfDescendants(id, tx)).filter(
        (token) => !areWithin(readUseLimits(token.useLimits).allowedAddresses, allowedAddresses),
      );
      if (wider.length === 0) {
        break;
      }
      const narrower = wider.map((token) => {
        const limits = readUseLimits(token.useLimits);
        const common = intersectAddresses(limits.allowedAddresses, allowedAddresses);
        return { id: token.id, useLimits: toStored({ ...limits, allowedAddresses: common }) };
      });
      await this.lineage.updateUseLimits(narrower, tx);
      count += wider.length;
      // Repeat, for the same reason as in `narrowScopes`.
    }
    return count;
  }
}
