import type { RoleChoice } from '../../shared/roles/roles';
import { EVERYTHING, NOTHING, scopeKind, scopeMembers, scopeOf, widened } from './token-scope';

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

describe('widened', () => {
  const role = (name: string, permissions: string[], missing: string[] = []): RoleChoice => ({
    name,
    permissions,
    missing,
    description: null,
    isBuiltIn: false,
  });
  const held = [
    role('admin', ['a:b', 'a:c', 'a:d']),
    role('boss', ['a:b', 'a:c']),
    role('secret', ['a:c'], ['a:c']),
    role('clerk', ['a:b']),
  ];

  it.each([
    ['a permission', { permissions: ['a:b'], roles: [] }, { permissions: ['a:b', 'a:c'], roles: [] }],
    [
      'the smallest role',
      { permissions: null, roles: ['clerk'] },
      { permissions: null, roles: ['clerk', 'boss'] },
    ],
    [
      'both, if roles limit which permissions count',
      { permissions: ['a:b'], roles: ['clerk'] },
      { permissions: ['a:b', 'a:c'], roles: ['clerk', 'boss'] },
    ],
    [
      'no role, if one grants it',
      { permissions: null, roles: ['admin'] },
      { permissions: null, roles: ['admin'] },
    ],
  ])('adds %s', (_, scope, expected) => {
    expect(widened(scope, ['a:c'], held)).toEqual(expected);
  });

  it('adds no second role for a permission that the first one grants', () => {
    const scope = { permissions: null, roles: ['cook'] };

    expect(widened(scope, ['a:c', 'a:b'], held).roles).toEqual(['cook', 'boss']);
    expect(widened(scope, ['boss', 'a:b'], held).roles).toEqual(['cook', 'boss']);
  });

  it('adds a missing role, and no other without knowledge of the roles', () => {
    expect(widened({ permissions: null, roles: ['clerk'] }, ['a:c', 'cook'])).toEqual({
      permissions: null,
      roles: ['clerk', 'cook'],
    });
  });
});
