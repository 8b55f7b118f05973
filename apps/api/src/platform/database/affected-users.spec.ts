import { describe, expect, it } from '@jest/globals';
import { fromPayload, toPayloads, type AffectedUsers } from './affected-users.js';

const userIds = (count: number) =>
  Array.from({ length: count }, (_, index) => `01981f2e-7c4a-7d1b-9a3f-${String(index).padStart(12, '0')}`);

describe('toPayloads and fromPayload', () => {
  it.each<[string, AffectedUsers, number]>([
    ['one payload for up to 200 users', userIds(200), 1],
    ['several payloads for more users', userIds(1_000), 5],
    ['one payload for more than 1,000 users', userIds(1_001), 1],
    ['one payload for all users', 'all', 1],
    ['no payload for none', 'none', 0],
    ['no payload for an empty list', [], 0],
  ])('return %s', (_, affected, count) => {
    expect(toPayloads(affected)).toHaveLength(count);
  });

  it('return the same users when read', () => {
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
  ])('return all users for an unknown payload: %j', (payload) => {
    expect(fromPayload(payload)).toBe('all');
  });
});
