import { type EntityTarget, type ObjectLiteral } from 'typeorm';
import { type WriteTransaction } from './writes.js';

/**
 * Keeps others from changing rows until the transaction ends. They are taken in the order of their ids, so that no two
 * transactions wait for each other. On SQLite nobody else writes anyway.
 */
export async function lockRows<Row extends ObjectLiteral & { id: string }>(
  entity: EntityTarget<Row>,
  ids: readonly string[],
  tx: WriteTransaction,
): Promise<void> {
  if (tx.dataSource.options.type !== 'postgres' || ids.length === 0) {
    return;
  }
  await tx
    .createQueryBuilder(entity, 'row')
    .select('row.id', 'id')
    .where('row.id IN (:...ids)', { ids })
    .orderBy('row.id')
    .setLock('pessimistic_write')
    .getRawMany();
}
