import { type EntityTarget, type ObjectLiteral } from 'typeorm';
import { type WriteTransaction } from '../writes.js';

/** Does what {@link lockRowsWhere} does, for rows with these ids: few enough to be the parameters of one statement. */
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
 * Keeps others from changing rows until the transaction ends. They are taken in the order of their ids, so that no two
 * transactions wait for each other. On SQLite nobody else writes anyway.
 *
 * @param condition SQL in which `row` is the row.
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
