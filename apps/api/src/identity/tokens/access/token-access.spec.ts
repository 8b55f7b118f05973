import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { principalWith } from '../../../../../../test/support/unit/fake-call.js';
import { type Principal } from '../../../common/request/principal.js';
import { type WriteTransaction } from '../../../platform/database/writes.js';
import { type ActorReader } from '../../permissions/actor-reader.js';
import { checkLive, TokenAccess } from './token-access.js';
import { type TokenLineageRepository } from '../model/token-lineage.repository.js';
import { type OwnedToken, type TokensRepository } from '../model/tokens.repository.js';

const TX = {} as WriteTransaction;
const NOW = Date.UTC(2030, 0, 1);
const holding = (...permissions: string[]) => principalWith({ permissions: new Set(permissions) });
const tokenOf = (userId: string) => ({ id: 'token-9', userId }) as OwnedToken;

let found: OwnedToken | null;
/** The actor as refreshed under the lock. */
let present: Principal;
let lockAndRefresh: jest.Mock<ActorReader['lockAndRefresh']>;
let findById: jest.Mock<(id: string, tx?: WriteTransaction) => Promise<OwnedToken | null>>;
let lock: jest.Mock<TokensRepository['lock']>;
let access: TokenAccess;

beforeEach(() => {
  found = tokenOf('id-bert');
  present = holding('tokens:read', 'tokens:write');
  lockAndRefresh = jest.fn(() => Promise.resolve(present));
  findById = jest.fn(() => Promise.resolve(found));
  lock = jest.fn(() => Promise.resolve(found));
  const tokens = { findById, lock } as unknown as TokensRepository;
  access = new TokenAccess(
    tokens,
    {} as TokenLineageRepository,
    { lockAndRefresh } as unknown as ActorReader,
  );
});

describe('getReadable', () => {
  it.each([
    ['a token of the actor', 'id-anne', holding()],
    ['a token of another user with tokens:read', 'id-bert', holding('tokens:read')],
  ])('returns %s', async (_, userId, actor) => {
    found = tokenOf(userId);

    await expect(access.getReadable('token-9', actor)).resolves.toBe(found);
  });

  it('throws the same error for hidden and unknown tokens', async () => {
    const hidden: unknown = await access
      .getReadable('token-9', holding('tokens:write'))
      .catch((e: unknown) => e);
    found = null;
    const unknown: unknown = await access
      .getReadable('token-9', holding('tokens:read'))
      .catch((e: unknown) => e);

    expect(hidden).toMatchObject({ code: 'not_found' });
    expect(unknown).toEqual(hidden);
  });
});

describe('getWritable', () => {
  it('locks the row of a token of the actor, and not authority', async () => {
    found = tokenOf('id-anne');

    await expect(access.getWritable('token-9', holding(), TX)).resolves.toBe(found);

    expect(lockAndRefresh).not.toHaveBeenCalled();
    expect(lock.mock.calls).toEqual([['token-9', TX]]);
  });

  it('returns the token of another user as read after the locks', async () => {
    const changed = tokenOf('id-bert');
    lockAndRefresh.mockImplementation(() => {
      found = changed;
      return Promise.resolve(present);
    });

    await expect(access.getWritable('token-9', present, TX)).resolves.toBe(changed);
  });

  it.each([
    ['hides the token without tokens:read', holding('tokens:write'), 'not_found'],
    ['rejects an actor with tokens:read only', holding('tokens:read'), 'forbidden'],
  ])('of another user %s, and locks nothing', async (_, actor, code) => {
    await expect(access.getWritable('token-9', actor, TX)).rejects.toMatchObject({ code });

    expect([lockAndRefresh.mock.calls, lock.mock.calls]).toEqual([[], []]);
  });

  it.each([
    ['tokens:write', holding('tokens:read'), 'forbidden'],
    ['tokens:read', holding('tokens:write'), 'not_found'],
  ])('rejects an actor who has lost %s meanwhile', async (_, left, code) => {
    const actor = present;
    present = left;

    await expect(access.getWritable('token-9', actor, TX)).rejects.toMatchObject({ code });
  });

  it.each([
    ['is unknown', () => void (found = null)],
    [
      'was deleted while waiting for the lock',
      () =>
        lockAndRefresh.mockImplementation(() => {
          found = null;
          return Promise.resolve(present);
        }),
    ],
  ])('throws not_found for a token that %s', async (_, arrange) => {
    arrange();

    await expect(access.getWritable('token-9', present, TX)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('checkLive', () => {
  const LIVE = {
    ...tokenOf('id-anne'),
    enabled: false,
    stampTime: 6,
    expirationTime: NOW + 1,
    idleExpirationTime: null,
    endReason: null,
    user: { name: 'anne', enabled: true, tokensEndedBefore: 5 },
  } as OwnedToken;

  it('accepts a disabled token', () => {
    expect(() => checkLive(LIVE, NOW)).not.toThrow();
  });

  it.each([
    ['revoked', { endReason: 'revoked' as const }],
    ['expired', { expirationTime: NOW }],
  ])('rejects a token that is %s', (_, change) => {
    expect(() => checkLive({ ...LIVE, ...change }, NOW)).toThrow(
      expect.objectContaining({ code: 'conflict' }),
    );
  });
});
