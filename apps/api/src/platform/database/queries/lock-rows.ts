import { type EntityTarget, type ObjectLiteral } from 'typeorm';
import { type WriteTransaction } from '../writes.service.js';

/** Locks rows by their ids, as {@link lockRowsWhere} does. The ids must fit in one statement. */
export async function lockRows<Row extends ObjectLiteral & { id: string }>(
  entity: EntityTarget<Row>,
  ids: readonly string[],
  tx: WriteTransaction,
): Promise<void> {
  if (ids.length > 0) {
    await lockRowsWhere(entity, 'row.id IN (:...ids)', { ids }, tx);
  }
}

/**
 * Locks rows until the transaction ends, in the order of their ids, so that two transactions cannot deadlock.
 * On SQLite there are no concurrent writers.
 *
 * @param condition SQL condition with `row` as the alias of the table.
 */
export async function lockRowsWhere<Row extends ObjectLiteral & { id: string }>(
  entity: EntityTarget<Row>,
  condition: string,
  parameters: ObjectLiteral,
  tx: WriteTransaction,
): Promise<void> {
  if (tx.dataSource.options.type !== 'postgres') {
    return;
  }
  await tx
    .createQueryBuilder(entity, 'row')
    .select('row.id', 'id')
    .where(condition, parameters)
    .orderBy('row.id')
    .setLock('pessimistic_write')
    .getRawMany();
}
