import { describe, expect, it } from '@jest/globals';
import { principalWith } from '../../../../../test/support/unit/fake-call.js';
import { type PresentedToken } from '../../common/request/principal.js';
import { isVisible, ownVisibilityOf, visibilityOf, type VisibilityColumns } from './token-visibility.js';

const presented = (limit: string | null): PresentedToken => ({
  id: 'token-1',
  expirationTime: null,
  expiryHeader: null,
  isSuperseded: false,
  scope: limit,
});
const holding = (limit: string | null, ...permissions: string[]) =>
  principalWith({ permissions: new Set(permissions), token: presented(limit) });
const token = (change: Partial<VisibilityColumns>): VisibilityColumns => ({
  id: 'token-9',
  userId: 'id-anne',
  kind: 'api',
  ...change,
});

describe('visibilityOf', () => {
  it.each([
    ['the tokens of its user', holding(null, 'users:read'), { userId: 'id-anne' }],
    ['all tokens, without profiles', holding(null, 'tokens:read'), { hidesProfiles: true }],
    ['all tokens', holding(null, 'tokens:read', 'users:read'), { hidesProfiles: false }],
    [
      'itself and its descendants if it is limited',
      holding(''),
      { userId: 'id-anne', rootId: 'token-1', hidesCanaries: true },
    ],
    [
      'the tokens of its user if it is limited with tokens:write',
      holding('', 'tokens:write'),
      { userId: 'id-anne', hidesCanaries: true },
    ],
    [
      'all but canaries if it is limited with tokens:read',
      holding('', 'tokens:read'),
      { hidesProfiles: true, hidesCanaries: true },
    ],
    [
      'all tokens on the command line',
      principalWith({ permissions: new Set(['tokens:read']), token: undefined }),
      { hidesProfiles: true },
    ],
  ])('returns %s', (_, actor, expected) => {
    expect(visibilityOf(actor)).toEqual(expected);
  });
});

describe('ownVisibilityOf', () => {
  it('returns the tokens of the user only, also with tokens:read', () => {
    expect(ownVisibilityOf(holding('', 'tokens:read'))).toEqual({
      userId: 'id-anne',
      hidesCanaries: true,
      hidesProfiles: false,
    });
  });
});

describe('isVisible', () => {
  const limited = visibilityOf(holding(''));

  it.each<[string, VisibilityColumns, boolean]>([
    ['itself', token({ id: 'token-1' }), true],
    ['a token created with it', token({ id: 'child' }), true],
    ['another token of its user', token({}), false],
    ['a token of another user that was created with it', token({ id: 'child', userId: 'id-bert' }), false],
    ['a canary that was created with it', token({ id: 'child', kind: 'canary' }), false],
  ])('is decided for a limited token and %s', (_, seen, expected) => {
    expect(isVisible(limited, seen, new Set(['child']))).toBe(expected);
  });

  it('shows canaries to tokens without limits', () => {
    expect(isVisible(visibilityOf(holding(null)), token({ kind: 'canary' }))).toBe(true);
  });
});
