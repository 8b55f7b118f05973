import { Injectable } from '@nestjs/common';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { apisIn, intersectScopes, isWithin } from '../../permissions/scope.js';
import { TokenLineageRepository, type Descendant } from '../model/token-lineage.repository.js';
import { type Token } from '../model/token.entity.js';
import { areWithin, intersectAddresses, readUseLimits, toStored } from '../model/use-limits.js';

/** Result of a narrowing. */
interface Narrowed {
  /** Number of changes. */
  readonly count: number;
  /** The first descendants, for the audit trail. */
  readonly some: readonly Descendant[];
  /** Owners of the descendants. */
  readonly owners: readonly Pick<Token, 'userId'>[];
}

/**
 * Narrows the tokens that were created with a token to its scope and addresses. Call
 * `TokenAccess.getWritableTree` first.
 */
@Injectable()
export class TokenNarrowing {
  constructor(private readonly lineage: TokenLineageRepository) {}

  async narrow(
    token: Pick<Token, 'id' | 'scope' | 'useLimits'>,
    { scope, addresses }: { scope: boolean; addresses: boolean },
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
