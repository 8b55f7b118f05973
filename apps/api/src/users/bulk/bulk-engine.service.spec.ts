import { describe, expect, it } from '@jest/globals';
import { type Principal } from '../../common/request/principal.js';
import { type Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { type Logger } from '../../platform/logging/logger.js';
import { type WriteLimit } from '../../throttle/write-limit.service.js';
import { BulkEngine, checkExpectedCount } from './bulk-engine.service.js';

describe('BulkEngine', () => {
  it('lets other requests run between reading and changing the items of a transaction', async () => {
    const tx = {} as WriteTransaction;
    const writes = {
      async *inChunks<Item, T>(
        items: readonly Item[],
        work: (chunk: readonly Item[], tx: WriteTransaction) => Promise<T>,
      ) {
        yield await work(items, tx);
      },
    } as unknown as Writes;
    const engine = new BulkEngine(
      writes,
      { countItems: () => undefined } as unknown as WriteLimit,
      {} as Logger,
    );
    const steps: string[] = [];
    const operation = {
      status: 200 as const,
      idOf: (id: string) => id,
      open: () => {
        steps.push('read');
        setImmediate(() => steps.push('other request'));
        return Promise.resolve({
          plan: (id: string) => ({ change: id }),
          apply: () => {
            steps.push('changed');
            return Promise.resolve({ affected: [] });
          },
        });
      },
    };

    await engine.run({}, 1, ['token'], operation, {} as Principal);

    expect(steps).toEqual(['read', 'other request', 'changed']);
  });
});

describe('checkExpectedCount', () => {
  it.each([
    ['ids without a count', {}, 7],
    ['a filter that matches as many as expected', { filter: {}, expectedCount: 7 }, 7],
    ['a filter that matches fewer', { filter: {}, expectedCount: 7 }, 3],
  ])('accepts %s', (_, bulk, count) => {
    expect(() => checkExpectedCount(bulk, count)).not.toThrow();
  });

  it.each([
    ['a filter without a count', { filter: {} }, 0, 'validation_failed'],
    ['a filter that matches more', { filter: {}, expectedCount: 7 }, 8, 'count_grown'],
    ['more ids than expected', { expectedCount: 1 }, 2, 'count_grown'],
  ])('rejects %s', (_, bulk, count, code) => {
    expect(() => checkExpectedCount(bulk, count)).toThrow(expect.objectContaining({ code }));
  });
});
