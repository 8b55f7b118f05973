import type { MeDto, RoleDto } from '@latchkey/auth-models';
import { EN } from '../core/texts/en';
import { changedFields, readOnlyReason } from './role-changes';

const ROLE = {
  name: 'support',
  description: 'Helps.',
  permissions: ['b:read', 'a:read'],
  requiresSecondFactor: false,
} as RoleDto;
const form = (description: string, requiresSecondFactor = false) => ({ description, requiresSecondFactor });

describe('changedFields', () => {
  it('is empty when only the order differs', () => {
    expect(changedFields(ROLE, form('Helps.'), ['a:read', 'b:read'])).toEqual({});
  });

  it('contains exactly the members that differ', () => {
    expect(changedFields(ROLE, form('Helps.'), ['b:read', 'c:read', 'a:read'])).toEqual({
      permissions: ['a:read', 'b:read', 'c:read'],
    });
    expect(changedFields(ROLE, form('Helps people.'), ROLE.permissions)).toEqual({
      description: 'Helps people.',
    });
    expect(changedFields(ROLE, form('Helps.', true), ROLE.permissions)).toEqual({
      requiresSecondFactor: true,
    });
  });

  it('removes an empty description', () => {
    expect(changedFields(ROLE, form(''), ROLE.permissions)).toEqual({ description: null });
  });
});

describe('readOnlyReason', () => {
  const me = (...permissions: string[]) => ({ permissions }) as MeDto;

  it.each([
    [
      'is built in',
      { ...ROLE, isBuiltIn: true },
      me('roles:write', 'a:read', 'b:read'),
      EN.roles.readOnly.builtIn,
    ],
    ['is visible only, without roles:write', ROLE, me('a:read', 'b:read'), EN.roles.readOnly.noWrite],
    [
      'has permissions that the user does not hold',
      ROLE,
      me('roles:write', 'b:read'),
      EN.roles.readOnly.above('a:read'),
    ],
  ])('explains that a role %s', (_reason, role, person, expected) => {
    expect(readOnlyReason(role, person, EN)).toBe(expected);
  });

  it('is null for users who hold all permissions of the role', () => {
    expect(readOnlyReason(ROLE, me('roles:write', 'a:read', 'b:read'), EN)).toBeNull();
  });
});
