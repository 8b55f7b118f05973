import { beforeEach, describe, expect, it } from '@jest/globals';
import { type FastifyRequest } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { type CanaryAlarms } from '../../tokens/usage/canary-alarms.service.js';
import { Rejections } from './rejections.service.js';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

let now: number;
let rejections: Rejections;

beforeEach(() => {
  now = 1_000_000;
  rejections = new Rejections({ now: () => now }, { onUse: () => {} } as unknown as CanaryAlarms);
});

/** Rejects a request with a token, or with none. */
function reject(traceId: string, tokenId?: string, { url = '/auth/verify', agent = 'curl' } = {}): void {
  const request = {
    id: traceId,
    method: 'GET',
    ip: '192.0.2.1',
    headers: { 'user-agent': agent },
    routeOptions: { url },
  } as unknown as FastifyRequest;
  const matched =
    tokenId === undefined ? undefined : { userId: `user of ${tokenId}`, userName: 'anna', tokenId };
  const code = matched ? 'token_revoked' : 'unauthenticated';
  rejections.note(request, new ApplicationError(code, matched && { matched }), 401);
  now += 1;
}

const idsOf = (tokenId: string) => rejections.find({ tokenId }, 100).map(({ traceId }) => traceId);
const isKept = (traceId: string) => rejections.find({ traceId }, 1).length === 1;

describe('Rejections', () => {
  it('survive a flood of unknown tokens', () => {
    reject('mine', 'token-1');

    for (let request = 0; request < 50_000; request += 1) {
      reject(`unknown-${request}`);
    }

    expect(isKept('mine')).toBe(true);
    expect([isKept('unknown-0'), isKept('unknown-49999')]).toEqual([false, true]);
  });

  it('survive a flood with another token, which keeps its latest 20', () => {
    reject('mine', 'token-1');

    for (let request = 0; request < 1_000; request += 1) {
      reject(`other-${request}`, 'token-2');
    }

    expect(idsOf('token-1')).toEqual(['mine']);
    expect(idsOf('token-2')).toEqual(Array.from({ length: 20 }, (_, index) => `other-${999 - index}`));
  });

  it('are kept for at least 500 other tokens', () => {
    reject('mine', 'token-0');

    for (let token = 1; token <= 500; token += 1) {
      reject(`request-${token}`, `token-${token}`);
    }

    expect(isKept('mine')).toBe(true);
  });

  it('are found for 24 hours', () => {
    reject('mine', 'token-1');

    now += DAY - 2;
    const before = isKept('mine');
    now += 2;

    expect([before, isKept('mine')]).toEqual([true, false]);
  });

  it('are found newest first, and as many as requested', () => {
    for (let request = 0; request < 5; request += 1) {
      reject(`request-${request}`, `token-${request}`);
    }

    expect(rejections.find({}, 3).map(({ traceId }) => traceId)).toEqual([
      'request-4',
      'request-3',
      'request-2',
    ]);
  });

  it('have one entry for a repeated request, and one for each route of a trace', () => {
    reject('trace', 'token-1');
    reject('trace', 'token-1');
    reject('trace', 'token-1', { url: '/me' });

    expect(rejections.find({ tokenId: 'token-1' }, 10).map(({ route }) => route)).toEqual([
      '/me',
      '/auth/verify',
    ]);
  });

  it('leave half of the entries of a token to its own requests, if a verifier reports more', () => {
    for (let request = 0; request < 10; request += 1) {
      reject(`own-${request}`, 'token-1');
    }
    const matched = { userId: 'user-1', userName: 'anna', tokenId: 'token-1' };
    for (let request = 0; request < 50; request += 1) {
      const reported = { traceId: `reported-${request}`, cause: 'missing_permission' as const, ago: 0 };
      rejections.noteReported(reported, matched, 'orders');
    }

    expect(idsOf('token-1').filter((id) => id.startsWith('own'))).toHaveLength(10);
    expect(isKept('reported-49')).toBe(true);
  });
});
