import { describe, expect, it } from '@jest/globals';
import { fromPayload, toPayloads, type AffectedUsers } from './affected-users.js';

const userIds = (count: number) =>
  Array.from({ length: count }, (_, index) => `01981f2e-7c4a-7d1b-9a3f-${String(index).padStart(12, '0')}`);

describe('payloads for replicas', () => {
  it.each<[string, AffectedUsers, number]>([
    ['of the users of one chunk, at once', userIds(200), 1],
    ['of more, in several payloads', userIds(1_000), 5],
    ['of too many users, as all', userIds(1_001), 1],
    ['of all users', 'all', 1],
    ['of no user', 'none', 0],
    ['of no users, nothing', [], 0],
  ])('%s', (_, affected, count) => {
    expect(toPayloads(affected)).toHaveLength(count);
  });

  it('are read as written', () => {
    const ids = userIds(250);

    expect(toPayloads(ids).map(fromPayload)).toEqual([ids.slice(0, 200), ids.slice(200)]);
    expect(toPayloads(ids).every((payload) => payload.length < 8_000)).toBe(true);
    expect(toPayloads(userIds(1_001)).map(fromPayload)).toEqual(['all']);
    expect(toPayloads('all').map(fromPayload)).toEqual(['all']);
  });

  it.each([
    '',
    'none',
    'user:',
    'user:anne',
    'user:01981F2E-7C4A-7D1B-9A3F-000000000000',
    'user:01981f2e-7c4a-7d1b-9a3f-000000000000 ',
    'user:01981f2e-7c4a-7d1b-9a3f-000000000000\nuser:x',
    'user:01981f2e-7c4a-7d1b-9a3f-000000000000,',
    'user:01981f2e-7c4a-7d1b-9a3f-000000000000,anne',
    'x'.repeat(7_999),
  ])('mean all users when they are unknown: %j', (payload) => {
    expect(fromPayload(payload)).toBe('all');
  });
});
