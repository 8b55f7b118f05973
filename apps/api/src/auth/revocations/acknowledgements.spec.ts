import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FRESH_MAX_MILLISECONDS } from '@latchkey/auth-models';
import { type ReplicaMessage, type Replicas } from '../../platform/revocation/replicas.js';
import { Acknowledgements, ADOPTED_MAX } from './acknowledgements.js';

let acknowledgements: Acknowledgements;
let sent: ReplicaMessage[];

beforeEach(() => {
  jest.useFakeTimers();
  sent = [];
  const send = (message: ReplicaMessage) => Promise.resolve(void sent.push(message));
  acknowledgements = new Acknowledgements({ id: randomUUID(), send } as unknown as Replicas);
});

afterEach(() => {
  acknowledgements.stop();
  jest.useRealTimers();
});

/** Returns the number of messages for a new sync, and the number that the sender announced. */
function begin(): { messages: number; parts: number } {
  sent = [];
  acknowledgements.begin(randomUUID(), []);
  const [first] = sent;
  return { messages: sent.length, parts: first?.kind === 'reached' ? first.parts : 0 };
}

const ids = (count: number) => Array.from({ length: count }, () => randomUUID());

describe('Acknowledgements', () => {
  it('allows no complete proof while verifiers that it could not adopt can answer from memory', () => {
    acknowledgements.adopt(ids(ADOPTED_MAX), FRESH_MAX_MILLISECONDS);
    const complete = begin();
    acknowledgements.adopt(ids(1), FRESH_MAX_MILLISECONDS);
    const incomplete = begin();
    jest.advanceTimersByTime(FRESH_MAX_MILLISECONDS);
    const later = begin();

    expect(complete.messages).toBe(complete.parts);
    expect(incomplete.messages).toBe(incomplete.parts - 1);
    expect(later).toEqual({ messages: 1, parts: 1 });
  });

  it('adopts all verifiers of another process when it has many disconnected ones of its own', () => {
    const until = performance.now() + FRESH_MAX_MILLISECONDS;
    ids(ADOPTED_MAX).forEach((id) => acknowledgements.letLapse(id, until, 'one'));

    acknowledgements.adopt(ids(ADOPTED_MAX), FRESH_MAX_MILLISECONDS);

    expect(acknowledgements.lapsingVerifiers).toHaveLength(2 * ADOPTED_MAX);
    expect(acknowledgements.isComplete).toBe(true);
  });
});
