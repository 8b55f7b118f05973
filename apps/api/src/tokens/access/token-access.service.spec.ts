import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { principalWith } from '../../../../../test/support/unit/fake-call.js';
import { checkNotRestricted, type Principal } from '../../common/request/principal.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { type EscalationPolicy } from '../../permissions/escalation-policy.service.js';
import { checkLive, mayManage, rejectCanary, TokenAccess } from './token-access.service.js';
import { type TokenLineageRepository } from '../model/token-lineage.repository.js';
import { type Presented } from '../model/token-lifetime-policy.service.js';
import { type OwnedToken, type TokensRepository } from '../model/tokens.repository.js';

const TX = {} as WriteTransaction;
const NOW = Date.UTC(2030, 0, 1);
const holding = (...permissions: string[]) => principalWith({ permissions: new Set(permissions) });
const tokenOf = (userId: string) => ({ id: 'token-9', userId }) as OwnedToken;

let found: OwnedToken | null;
/** The actor as refreshed under the lock. */
let present: Principal;
let lockAndRefresh: jest.Mock<EscalationPolicy['lockAndRefresh']>;
let refresh: jest.Mock<EscalationPolicy['refresh']>;
let findById: jest.Mock<(id: string, tx?: WriteTransaction) => Promise<OwnedToken | null>>;
let lock: jest.Mock<TokensRepository['lock']>;
/** Descendants of the presented token. */
let below: Set<string>;
let findLimitedRoot: jest.Mock<TokenLineageRepository['findLimitedRoot']>;
let lockTree: jest.Mock<TokensRepository['lockTree']>;
let access: TokenAccess;

beforeEach(() => {
  found = tokenOf('id-bert');
  present = holding('tokens:read', 'tokens:write');
  lockAndRefresh = jest.fn(() => Promise.resolve(present));
  refresh = jest.fn(() => Promise.resolve(present));
  findById = jest.fn(() => Promise.resolve(found));
  lock = jest.fn(() => Promise.resolve(found));
  lockTree = jest.fn(() => Promise.resolve(found));
  const tokens = { findById, lock, lockTree } as unknown as TokensRepository;
  below = new Set();
  findLimitedRoot = jest.fn(() => Promise.resolve('token-0'));
  const lineage = {
    findDescendantsAmong: (_root: string, ids: readonly string[]) =>
      Promise.resolve(new Set(ids.filter((id) => below.has(id)))),
    findLimitedRoot,
  } as unknown as TokenLineageRepository;
  const escalation = { lockAndRefresh, refresh } as unknown as EscalationPolicy;
  access = new TokenAccess(tokens, lineage, escalation, { now: () => NOW });
});

/** Returns a caller whose token has this scope. */
const withScope = (scope: string | null) =>
  principalWith({
    token: { id: 'token-1', expirationTime: null, expiryHeader: null, isSuperseded: false, scope },
  });

describe('withFamily', () => {
  it('adds the family of a limited token, and reads it once', async () => {
    const limited = withScope('users:read');

    const callers = [await access.withFamily(limited), await access.withFamily(limited)];

    const expected = { ...limited, token: { ...limited.token, familyId: 'token-0' } };
    expect(callers).toEqual([expected, expected]);
    expect(findLimitedRoot.mock.calls).toEqual([[{ id: 'token-1', userId: 'id-anne' }]]);
  });

  it('returns the caller with a token without a limit, and reads nothing', async () => {
    const unlimited = withScope(null);

    expect(await access.withFamily(unlimited)).toBe(unlimited);
    expect(findLimitedRoot).not.toHaveBeenCalled();
  });
});

describe('checkUnlimitedSession', () => {
  const SESSION = {
    id: 'token-1',
    kind: 'session',
    scope: null,
    stamp: 6,
    expirationTime: NOW + 1,
    idleExpirationTime: null,
    revocationReason: null,
    user: { tokensRevokedBefore: 5 },
  } as OwnedToken;

  it('returns the refreshed actor', async () => {
    found = SESSION;
    present = withScope(null);

    await expect(access.checkUnlimitedSession(withScope(null), TX)).resolves.toBe(present);

    expect(findById.mock.calls).toEqual([['token-1', TX]]);
  });

  it.each<[string, Partial<OwnedToken>, string]>([
    ['an API token', { kind: 'api' }, 'forbidden'],
    ['a limited session', { scope: '' }, 'forbidden'],
    ['a session that was just revoked', { revocationReason: 'revoked' }, 'token_revoked'],
    ['a session that has expired', { expirationTime: NOW }, 'token_revoked'],
  ])('rejects %s', async (_, change, code) => {
    found = { ...SESSION, ...change };

    await expect(access.checkUnlimitedSession(withScope(null), TX)).rejects.toMatchObject({ code });
  });

  it('rejects the command line, which presents no token', async () => {
    present = principalWith({ scheme: 'command-line', token: undefined });

    await expect(access.checkUnlimitedSession(present, TX)).rejects.toMatchObject({ code: 'forbidden' });
  });
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

describe('getWritable with a limited token', () => {
  const limited = (...permissions: string[]) =>
    principalWith({
      permissions: new Set(permissions),
      token: {
        id: 'token-1',
        expirationTime: null,
        expiryHeader: null,
        isSuperseded: false,
        scope: 'users:read',
      },
    });

  beforeEach(() => {
    found = tokenOf('id-anne');
    findById.mockImplementation((id) => Promise.resolve(found && { ...found, id }));
  });

  it('hides another token of its user', async () => {
    await expect(access.getWritable('token-9', limited(), TX)).rejects.toMatchObject({ code: 'not_found' });
    expect(lock).not.toHaveBeenCalled();
  });

  it('rejects another token of its user that it can see', async () => {
    await expect(access.getWritable('token-9', limited('tokens:read'), TX)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('or with tokens:write'),
    });
    expect(lock).not.toHaveBeenCalled();
  });

  it.each([
    ['a token created with it', () => void (below = new Set(['token-9'])), limited()],
    ['every token of its user with tokens:write', () => undefined, limited('tokens:write')],
    [
      'itself',
      () => undefined,
      {
        ...limited(),
        token: { id: 'token-9', expirationTime: null, expiryHeader: null, isSuperseded: false, scope: '' },
      },
    ],
  ])('returns %s', async (_, arrange, actor) => {
    arrange();

    await expect(access.getWritable('token-9', actor, TX)).resolves.toBe(found);
  });

  it('rejects a request whose token was deleted meanwhile', async () => {
    below = new Set(['token-9']);
    findById.mockResolvedValueOnce(found).mockResolvedValueOnce(null);

    await expect(access.getWritable('token-9', limited(), TX)).rejects.toMatchObject({
      code: 'token_revoked',
    });
  });
});

describe('getWritableTree', () => {
  it('locks the token with its descendants, and returns it', async () => {
    found = tokenOf('id-anne');

    await expect(access.getWritableTree('token-9', holding(), TX)).resolves.toBe(found);

    expect(lockTree.mock.calls).toEqual([['token-9', TX]]);
  });

  it('locks nothing that the actor may not change', async () => {
    await expect(access.getWritableTree('token-9', holding('tokens:read'), TX)).rejects.toMatchObject({
      code: 'forbidden',
    });

    expect([lockTree.mock.calls, lock.mock.calls]).toEqual([[], []]);
  });
});

describe('presentedBy', () => {
  it('returns null on the command line, which presents no token', async () => {
    const operator = principalWith({ scheme: 'command-line', token: undefined });

    await expect(access.presentedBy(operator, ['token-9'], TX)).resolves.toBeNull();
    expect(findById).not.toHaveBeenCalled();
  });

  it('returns the presented token with its descendants', async () => {
    below = new Set(['token-9']);

    await expect(access.presentedBy(holding(), ['token-9'], TX)).resolves.toEqual({
      ...found,
      created: below,
    });
  });
});

describe('mayManage', () => {
  const presented = { id: 'token-1', created: new Set(['token-2']) } as unknown as Presented;

  it.each([
    ['the presented token', 'token-1', presented, true],
    ['a token created with it', 'token-2', presented, true],
    ['another token', 'token-3', presented, false],
    ['a token when none is presented', 'token-1', null, false],
  ])('returns for %s (id %s)', (_, id, by, expected) => {
    expect(mayManage({ id }, by)).toBe(expected);
  });
});

describe('checkNotRestricted', () => {
  const withLimit = (limit: string | null, ...permissions: string[]) =>
    principalWith({
      permissions: new Set(permissions),
      token: { id: 'token-1', expirationTime: null, expiryHeader: null, isSuperseded: false, scope: limit },
    });

  it.each([
    ['a token without a limit', withLimit(null), undefined],
    ['a caller without a token', principalWith({ token: undefined }), undefined],
    ['a limited token with tokens:write', withLimit('tokens:write', 'tokens:write'), undefined],
    ['a limited token with the requested permission', withLimit('', 'users:write'), 'users:write'],
  ])('accepts %s', (_, actor, permission) => {
    expect(() => checkNotRestricted(actor, permission)).not.toThrow();
  });

  it.each([
    ['a limited token', withLimit('', 'users:write'), undefined, 'tokens:write'],
    [
      'a limited token without the requested permission',
      withLimit('', 'tokens:write'),
      'users:write',
      'users:write',
    ],
  ])('rejects %s, and names the permission', (_, actor, permission, named) => {
    expect(() => checkNotRestricted(actor, permission)).toThrow(
      expect.objectContaining({ code: 'forbidden', message: expect.stringContaining(`or with ${named}.`) }),
    );
  });
});

describe('checkLive', () => {
  const LIVE = {
    ...tokenOf('id-anne'),
    enabled: false,
    stamp: 6,
    expirationTime: NOW + 1,
    idleExpirationTime: null,
    revocationReason: null,
    user: { name: 'anne', enabled: true, tokensRevokedBefore: 5 },
  } as OwnedToken;

  it('accepts a disabled token', () => {
    expect(() => checkLive(LIVE, NOW)).not.toThrow();
  });

  it.each([
    ['is revoked', { revocationReason: 'revoked' as const }, 'is revoked or expired'],
    ['is expired', { expirationTime: NOW }, 'is revoked or expired'],
    ['was used up', { revocationReason: 'used_up' as const }, 'has reached its maximum number of uses'],
  ])('rejects a token that %s', (_, change, state) => {
    expect(() => checkLive({ ...LIVE, ...change }, NOW)).toThrow(
      expect.objectContaining({
        code: 'conflict',
        options: { detail: `The token ${state}. Create a new one.` },
      }),
    );
  });
});

describe('rejectCanary', () => {
  it.each(['api', 'session'] as const)('accepts tokens of the kind %s', (kind) => {
    expect(() => rejectCanary({ kind })).not.toThrow();
  });

  it('rejects a canary', () => {
    expect(() => rejectCanary({ kind: 'canary' })).toThrow(expect.objectContaining({ code: 'conflict' }));
  });
});
