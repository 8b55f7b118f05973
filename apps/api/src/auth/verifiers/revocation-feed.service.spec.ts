import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Clock } from '../../common/clock.service.js';
import { type AffectedUsers } from '../../platform/database/affected-users.js';
import { Metrics } from '../../platform/metrics/metrics.service.js';
import { type Replicas } from '../../platform/replicas/replicas.service.js';
import { type RevocationListener } from '../../platform/replicas/revocation-listener.service.js';
import { RevocationFeed, STREAMS_PER_USER_MAX } from './revocation-feed.service.js';

const PROCESS = randomUUID();
let feed: RevocationFeed;
let publish: (affected: AffectedUsers) => void;

beforeEach(() => {
  const subscribe = (listener: (affected: AffectedUsers, notified: AffectedUsers) => void) => {
    publish = (affected) => listener(affected, affected);
  };
  feed = new RevocationFeed(
    {
      subscribe,
      get provenTime() {
        return performance.now();
      },
    } as unknown as RevocationListener,
    { id: PROCESS, setVerifiers: jest.fn() } as unknown as Replicas,
    new Clock(),
    new Metrics(),
  );
});

afterEach(() => feed.beforeApplicationShutdown());

function open(userId: string, lastEventId?: string, verifier: string = randomUUID()) {
  const subscriber = { verifier, userId };
  return feed.open(subscriber, null, lastEventId, () => Promise.resolve(null));
}

describe('RevocationFeed', () => {
  it('leaves room for the verifiers of other users', () => {
    for (let count = 0; count < STREAMS_PER_USER_MAX; count += 1) {
      open('one');
    }

    expect(() => open('one')).toThrow(/user of this token has 1000 verifiers/);
    for (let count = 0; count < STREAMS_PER_USER_MAX; count += 1) {
      open('other');
    }
    expect(() => open('third')).toThrow(/This server has 2000 verifiers/);
  });

  it('makes room when a verifier disconnects, and lets connected ones connect again', async () => {
    const verifiers = Array.from({ length: STREAMS_PER_USER_MAX }, () => randomUUID());
    const [first] = verifiers.map((verifier) => open('one', undefined, verifier));

    expect(() => open('one', undefined, verifiers[1])).not.toThrow();
    first?.body.destroy();
    await once(first!.body, 'close');
    expect(() => open('one')).not.toThrow();
    expect(() => open('one')).toThrow(/user of this token has 1000 verifiers/);
  });

  it.each([
    [250, { user: 250 }],
    [400, { all: 1 }],
  ])('after %d missed events, sends %o', (missed, expected) => {
    for (let count = 0; count < missed; count += 1) {
      publish([randomUUID()]);
    }

    const greeting = String(open('one', `${PROCESS}.0`).body.read());

    const names = [...greeting.matchAll(/^event: (user|all)$/gm)].map(([, name = '']) => name);
    expect(
      Object.fromEntries(names.map((name) => [name, names.filter((one) => one === name).length])),
    ).toEqual(expected);
  });

  it.each(['', '.', '.0', '.0x1', '.1e0', '.-1', '.2', '.1.', '.1.1234567', '.1 '])(
    'sends all after the unknown event %j',
    (rest) => {
      publish([randomUUID()]);

      const greeting = String(open('one', PROCESS + rest).body.read());

      expect(greeting.includes('event: all')).toBe(rest !== '.0');
    },
  );
});
