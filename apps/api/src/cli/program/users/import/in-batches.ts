import { IMPORT_ROWS_MAX } from '../../../import-rows-max.js';

/**
 * Maximum characters in a batch, which must fit into a request. A UTF-16 unit takes up to three bytes in
 * UTF-8.
 */
const LENGTH = 262_144;

/** Groups rows into batches for one command each. */
export async function* inBatches<Row>(rows: AsyncIterable<Row>): AsyncGenerator<Row[]> {
  let batch: Row[] = [];
  let length = 0;
  for await (const row of rows) {
    const more = JSON.stringify(row).length;
    if (batch.length === IMPORT_ROWS_MAX || (batch.length > 0 && length + more > LENGTH)) {
      yield batch;
      batch = [];
      length = 0;
    }
    batch.push(row);
    length += more;
  }
  if (batch.length > 0) {
    yield batch;
  }
}
