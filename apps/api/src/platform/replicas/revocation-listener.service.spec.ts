import { EventEmitter } from 'node:events';
import { setImmediate as otherWork } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { waitUntil } from '../../../../../test/support/wait-until.js';
import { type Database } from '../database/database.js';
import { type AffectedUsers } from '../database/affected-users.js';
import { type Writes } from '../database/writes.service.js';
import { type Logger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.service.js';
import { RevocationListener } from './revocation-listener.service.js';

it('RevocationListener publishes commits that affect users, and no others', () => {
  let commit: (affected: AffectedUsers, notified: AffectedUsers) => void = () => undefined;
  const writes = { onEnd: (listener: typeof commit) => void (commit = listener) } as Writes;
  const listener = new RevocationListener({} as Database, writes, {} as Logger, new Metrics());
  const subscriber = jest.fn();
  listener.subscribe(subscriber);

  commit('none', 'none');
  commit(['anne'], 'none');
  commit('all', 'all');

  expect(subscriber.mock.calls).toEqual([
    [['anne'], 'none'],
    ['all', 'all'],
  ]);
});

describe('while no notifications of other replicas arrive', () => {
  /** Ends the running attempt to connect. */
  let attempt: { succeed: () => void; fail: (error: Error) => void };
  let attempts: number;
  let renewals: number;
  let now: jest.SpiedFunction<() => number>;
  let listener: RevocationListener;

  /** Connection of a PostgreSQL that sends all notifications back on the first one. */
  const connectionTo = (listening: EventEmitter[]) => {
    const client = Object.assign(new EventEmitter(), {
      connect: () => {
        attempts += 1;
        return new Promise<void>((succeed, fail) => (attempt = { succeed, fail }));
      },
      query: (_: string, [channel, payload]: string[] = []) => {
        listening[0]?.emit('notification', { channel, payload });
        return Promise.resolve();
      },
      end: () => Promise.resolve(),
    });
    listening.push(client);
    return { client, socket: { connecting: false, destroySoon: () => undefined } };
  };

  /** Lets the running attempt fail after `milliseconds`, and waits for the next one. */
  const failAfter = async (milliseconds: number) => {
    const number = attempts + 1;
    now.mockReturnValue(performance.now() + milliseconds);
    attempt.fail(new Error('It failed'));
    await waitUntil(() => attempts === number);
  };

  /** Whether reads of tokens wait for the running attempt. */
  const isWaiting = async () => {
    let isDecided = false;
    void listener.decided().then(() => (isDecided = true));
    await otherWork();
    return !isDecided;
  };

  beforeEach(() => {
    [attempts, renewals] = [0, 0];
    now = jest.spyOn(performance, 'now').mockReturnValue(10_000);
    const clients: EventEmitter[] = [];
    const database = {
      ownConnection: () => connectionTo(clients),
      renewConnections: () => (renewals += 1),
    } as unknown as Database;
    const writes = { onEnd: () => undefined } as unknown as Writes;
    const logger = { info: () => undefined, warn: () => undefined } as unknown as Logger;
    listener = new RevocationListener(database, writes, logger, new Metrics());
    void listener.listen();
  });

  afterEach(() => {
    listener.beforeApplicationShutdown();
    jest.restoreAllMocks();
  });

  it('lets reads wait for the first attempt, and then replaces the connections that are older', async () => {
    const isWaitingAtFirst = await isWaiting();
    attempt.succeed();
    await waitUntil(() => attempts === 2);
    attempt.succeed();

    await waitUntil(() => listener.isCurrent);

    expect([isWaitingAtFirst, await isWaiting(), renewals]).toEqual([true, false, 1]);
  });

  it('replaces the connections of the pool after an attempt without an answer, but not if it was rejected', async () => {
    await failAfter(1_000);
    await failAfter(1_000);
    await failAfter(999);

    expect(renewals).toBe(2);
  });

  it('does not replace the connections of the pool while it stops', async () => {
    listener.beforeApplicationShutdown();
    now.mockReturnValue(performance.now() + 1_000);
    attempt.fail(new Error('It failed'));

    await listener.decided();

    expect(renewals).toBe(0);
  });

  it('lets reads wait for the running attempt once the pool was replaced 1.5 s ago', async () => {
    await failAfter(1_000);
    now.mockReturnValue(performance.now() + 1_499);
    const isWaitingBefore = await isWaiting();
    now.mockReturnValue(performance.now() + 1);
    const isWaitingAfter = await isWaiting();

    attempt.fail(new Error('It failed'));
    await listener.decided();

    expect([isWaitingBefore, isWaitingAfter]).toEqual([false, true]);
  });

  it('reads from older connections after an attempt was rejected', async () => {
    await failAfter(1_000);
    await failAfter(999);
    now.mockReturnValue(performance.now() + 501);
    attempt.fail(new Error('It failed'));

    await listener.decided();

    expect(renewals).toBe(1);
  });
});
