import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { lockRows } from '../../../platform/database/queries/lock-rows.js';
import { type WriteTransaction } from '../../../platform/database/writes.js';
import { findOwnedRows, type OwnedColumns } from '../../tokens/list/owned-rows.js';
import { Token } from '../../tokens/model/token.entity.js';

const COLUMNS = [
  'id',
  'userId',
  'kind',
  'permissions',
  'enabled',
  'creationTime',
  'stampTime',
  'lifeStartTime',
  'expirationTime',
  'maxExpirationTime',
  'idleExpirationTime',
  'endReason',
] as const;

/** What of a token decides about a change of many. */
export type BulkToken = OwnedColumns<(typeof COLUMNS)[number]>;

/** What a bulk request changes of a token. */
export type TokenBulkEdit = Partial<
  Pick<Token, 'enabled' | 'expirationTime' | 'lifeStartTime' | 'endReason' | 'revocationTime'>
>;

/** Every query that changes many tokens. */
@Injectable()
export class TokenBulkRepository {
  /** Tokens by their ids, which nobody else changes until the transaction ends. */
  async lock(ids: readonly string[], tx: WriteTransaction): Promise<Map<string, BulkToken>> {
    await lockRows(Token, ids, tx);
    return findOwnedRows(ids, COLUMNS, tx);
  }

  /** Changes tokens that are locked. It makes the next version of each, unless it ends them. */
  async edit(ids: readonly string[], edit: TokenBulkEdit, tx: WriteTransaction): Promise<void> {
    const version = edit.endReason === undefined && { version: () => '"version" + 1' };
    await tx.update(Token, { id: In([...ids]) }, { ...edit, ...version });
  }
}
