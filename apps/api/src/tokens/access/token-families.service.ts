import { Injectable } from '@nestjs/common';
import { lruCache } from '../../common/lru-cache.js';
import { isLimited, type Principal } from '../../common/request/principal.js';
import { TokenLineageRepository } from '../model/token-lineage.repository.js';

/** Cached tokens. */
const TOKENS_MAX = 20_000;

/**
 * Finds the family of a limited token: the first limited token of its user that it descends from. A family
 * shares one write budget, because a limited token can create others.
 */
@Injectable()
export class TokenFamilies {
  private readonly roots = lruCache<string, string>(TOKENS_MAX);

  constructor(private readonly lineage: TokenLineageRepository) {}

  /** Returns the caller with the family of its token, if that is limited. */
  async withFamily(actor: Principal): Promise<Principal> {
    if (!isLimited(actor)) {
      return actor;
    }
    const { id, token } = actor;
    const familyId =
      this.roots.get(token.id) ?? (await this.lineage.findLimitedRoot({ id: token.id, userId: id }));
    this.roots.set(token.id, familyId);
    return { ...actor, token: { ...token, familyId } };
  }
}
