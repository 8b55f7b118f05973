import { describe, expect, it } from '@jest/globals';
import { type ImportRow } from '../../../server/operator.dto.js';
import { inBatches } from './in-batches.js';

async function sizesOf(rows: ImportRow[]): Promise<number[]> {
  const sizes: number[] = [];
  for await (const batch of inBatches(source(rows))) {
    sizes.push(batch.length);
  }
  return sizes;
}

async function* source(rows: ImportRow[]): AsyncGenerator<ImportRow> {
  yield* rows;
  await Promise.resolve();
}

const rows = (count: number, length = 1) =>
  Array.from({ length: count }, (_, line) => ({ line, user: { name: 'x'.repeat(length) } }));

describe('inBatches', () => {
  it('yields no batch for no rows', async () => {
    expect(await sizesOf([])).toEqual([]);
  });

  it('yields at most 200 rows in a batch', async () => {
    expect(await sizesOf(rows(401))).toEqual([200, 200, 1]);
  });

  it('yields fewer rows if they are long, but at least one', async () => {
    expect(await sizesOf(rows(3, 100_000))).toEqual([2, 1]);
    expect(await sizesOf(rows(2, 300_000))).toEqual([1, 1]);
  });
});
