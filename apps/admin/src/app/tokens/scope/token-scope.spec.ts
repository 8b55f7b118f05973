import { EVERYTHING, NOTHING, scopeKind, scopeMembers, scopeOf } from './token-scope';

describe('scopeMembers', () => {
  it.each([
    ['everything', EVERYTHING, {}],
    ['nothing', NOTHING, { permissions: [] }],
    ['permissions', { permissions: ['b:c', 'a:b'], roles: [] }, { permissions: ['a:b', 'b:c'] }],
    ['roles', { permissions: null, roles: ['clerk'] }, { roles: ['clerk'] }],
    ['both', { permissions: ['a:b'], roles: ['clerk'] }, { permissions: ['a:b'], roles: ['clerk'] }],
    ['labels', { permissions: [], roles: ['clerk'] }, { permissions: [], roles: ['clerk'] }],
  ])('and scopeOf describe a token that has %s', (kind, scope, members) => {
    expect(scopeMembers(scope)).toEqual(members);
    expect(scopeKind(scope)).toBe(kind);
    expect(scopeMembers(scopeOf(members))).toEqual(members);
  });
});
