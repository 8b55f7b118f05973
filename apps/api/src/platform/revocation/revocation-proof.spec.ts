import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Metrics } from '../metrics/metrics.js';
import { type Replica, type ReplicaMessage, type Replicas } from './replicas.js';
import { RevocationProof } from './revocation-proof.js';

const id = randomUUID();
let proof: RevocationProof;
let receive: (message: ReplicaMessage) => void;
let syncs: string[];
let list: Replica[];

beforeEach(() => {
  jest.useFakeTimers();
  syncs = [];
  list = [{ id, verifiers: 0 } as Replica];
  const replicas: Partial<Replicas> = {
    list: () => list,
    subscribe: (listener) => (receive = listener),
    send: (message) => Promise.resolve(message.kind !== 'sync' || syncs.push(message.sync) > 0),
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

  it('waits for all verifiers of a replica that stops', async () => {
    const stopping = { id: randomUUID(), verifiers: 2 } as Replica;
    list.push(stopping);
    const leave = (verifier: string, following: number) =>
      receive({ kind: 'leaving', id: stopping.id, verifiers: [verifier], rest: 9, following });
    const acknowledge = (verifier: string) =>
      receive({ kind: 'acknowledged', sync: syncs[0] ?? '', verifiers: [verifier] });
    const [first, second] = [randomUUID(), randomUUID()];
    const proving = proof.prove(10_000);

    reach(syncs[0]);
    leave(first, 1);
    acknowledge(first);
    await jest.advanceTimersByTimeAsync(0);
    leave(second, 0);
    await jest.advanceTimersByTimeAsync(10_000);

    expect(await proving).toMatchObject({ verifiers: 2, acknowledged: 1, replicas: 1, replicasReached: 1 });
  });

  it('does not wait for a round that takes long', async () => {
    void proof.prove(10_000);
    const second = proof.prove(10_000);
    await jest.advanceTimersByTimeAsync(1_000);
    reach(syncs[1]);

    expect(await second).toMatchObject({ replicas: 1, replicasReached: 1 });
  });
});
