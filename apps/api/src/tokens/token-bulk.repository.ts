import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { lockRows } from '../database/lock-rows.js';
import { type WriteTransaction } from '../database/writes.js';
import { type TokenBulkEdit } from './token-bulk-actions.js';
import { Token } from './token.entity.js';
import { type OwnedToken } from './tokens.repository.js';

/** Every query that changes many tokens. */
@Injectable()
export class TokenBulkRepository {
  /** Tokens by their ids, which nobody else changes until the transaction ends. */
  async lock(ids: readonly string[], tx: WriteTransaction): Promise<Map<string, OwnedToken>> {
    await lockRows(Token, ids, tx);
    const tokens = await tx.find(Token, { where: { id: In([...ids]) }, relations: { user: true } });
    return new Map(tokens.map((token) => [token.id, token as OwnedToken]));
  }

  /** The tokens that some were made with. */
  async findParents(tokens: Iterable<Token>, tx: WriteTransaction): Promise<Map<string, Token>> {
    const ids = [...tokens].flatMap(({ parentTokenId }) => parentTokenId ?? []);
    const parents = ids.length === 0 ? [] : await tx.findBy(Token, { id: In(ids) });
    return new Map(parents.map((parent) => [parent.id, parent]));
  }

  /** Changes tokens that are locked. It makes the next version of each, unless it ends them. */
  async edit(ids: readonly string[], edit: TokenBulkEdit, tx: WriteTransaction): Promise<void> {
    const version = edit.revocationTime === undefined && { version: () => '"version" + 1' };
    await tx.update(Token, { id: In([...ids]) }, { ...edit, ...version });
  }
}
