import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Metrics } from '../metrics/metrics.js';
import { type Replica, type ReplicaMessage, type Replicas } from './replicas.js';
import { RevocationProof } from './revocation-proof.js';

const id = randomUUID();
let proof: RevocationProof;
let receive: (message: ReplicaMessage) => void;
let syncs: string[];

beforeEach(() => {
  jest.useFakeTimers();
  syncs = [];
  const replicas: Partial<Replicas> = {
    list: () => [{ id, verifiers: 0 } as Replica],
    subscribe: (listener) => (receive = listener),
    send: (message) => Promise.resolve(void (message.kind === 'sync' && syncs.push(message.sync))),
  };
  proof = new RevocationProof(replicas as Replicas, new Metrics());
});

afterEach(() => {
  jest.useRealTimers();
});

const reach = (sync = '') => receive({ kind: 'reached', sync, id, verifiers: [], parts: 1 });

const proveOften = () => Array.from({ length: 100 }, () => proof.prove(10_000));

describe('RevocationProof', () => {
  it('shares the next round between the requests that arrive after a round has started', async () => {
    const first = proof.prove(10_000);
    const others = proveOften();
    reach(syncs[0]);
    await first;
    await jest.advanceTimersByTimeAsync(100);
    reach(syncs[1]);

    expect(await Promise.all(others)).toContainEqual(expect.objectContaining({ replicasReached: 1 }));
    expect(syncs).toHaveLength(2);
  });

  it('starts one round per interval when each one is acknowledged immediately', async () => {
    for (let count = 0; count < 99; count += 1) {
      void proof.prove(10_000);
      reach(syncs.at(-1));
      await jest.advanceTimersByTimeAsync(10);
    }

    expect(syncs).toHaveLength(10);
  });

  it('does not wait for a round that takes long', async () => {
    void proof.prove(10_000);
    const second = proof.prove(10_000);
    await jest.advanceTimersByTimeAsync(1_000);
    reach(syncs[1]);

    expect(await second).toMatchObject({ replicas: 1, replicasReached: 1 });
  });
});
