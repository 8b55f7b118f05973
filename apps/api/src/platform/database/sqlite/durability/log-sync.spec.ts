import { beforeEach, describe, expect, it } from '@jest/globals';
import { LogSync } from './log-sync.js';

const EIO = Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });

let log: LogSync;
/** Syncs that have started. */
let begun: { succeed: () => void; fail: (error: Error) => void }[];
let settled: string[];
let isClosed: boolean;

beforeEach(() => {
  begun = [];
  settled = [];
  isClosed = false;
  const datasync = () =>
    new Promise<void>((resolve, reject) => begun.push({ succeed: resolve, fail: reject }));
  const close = () => Promise.resolve(void (isClosed = true));
  log = new LogSync({ datasync, close });
});

/** Waits until the callbacks of promises have run. */
const turn = () => new Promise(setImmediate);

/** Commits a change and records when its response could be sent. */
function commit(name: string): void {
  log.schedule();
  log.synced.then(
    () => settled.push(name),
    (error: unknown) => settled.push(`${name}: ${String(error)}`),
  );
}

describe('LogSync', () => {
  it('resolves without a sync if there is no commit', async () => {
    await log.synced;

    expect(begun).toHaveLength(0);
  });

  it('syncs simultaneous commits once', async () => {
    commit('one');
    commit('two');
    await turn();
    expect([begun.length, settled]).toEqual([1, []]);

    begun[0]?.succeed();
    await turn();

    expect([begun.length, settled]).toEqual([1, ['one', 'two']]);
  });

  it('syncs all commits made during a sync with the next one', async () => {
    commit('one');
    await turn();
    commit('two');
    commit('three');
    begun[0]?.succeed();
    await turn();
    expect([begun.length, settled]).toEqual([2, ['one']]);

    begun[1]?.succeed();
    await turn();

    expect([begun.length, settled]).toEqual([2, ['one', 'two', 'three']]);
  });

  it('rejects all commits after a failed sync, and does not sync again', async () => {
    commit('one');
    await turn();
    commit('two');
    begun[0]?.fail(EIO);
    await turn();
    commit('three');
    await turn();

    const failure = 'Error: The write-ahead log could not be synced';
    expect(settled).toEqual(['one', 'two', 'three'].map((name) => `${name}: ${failure}`));
    expect([begun.length, log.disk.isLost]).toEqual([1, true]);
  });

  it('closes the log after all scheduled syncs', async () => {
    commit('one');
    await turn();
    commit('two');
    const closing = log.close();
    begun[0]?.succeed();
    await turn();
    expect([begun.length, isClosed]).toEqual([2, false]);

    begun[1]?.succeed();
    await closing;

    expect([settled, isClosed, log.disk.isLost]).toEqual([['one', 'two'], true, false]);
  });
});
