import type { MeDto, RoleDto } from '@latchkey/auth-models';
import { EN } from '../core/texts/en';
import { changesOf, whyReadOnly } from './role-changes';

const ROLE = { name: 'support', description: 'Helps.', permissions: ['b:read', 'a:read'] } as RoleDto;

describe('changesOf', () => {
  it('is empty when nothing differs but the order', () => {
    expect(changesOf(ROLE, 'Helps.', ['a:read', 'b:read'])).toEqual({});
  });

  it('has what differs, and nothing else', () => {
    expect(changesOf(ROLE, 'Helps.', ['b:read', 'c:read', 'a:read'])).toEqual({
      permissions: ['a:read', 'b:read', 'c:read'],
    });
    expect(changesOf(ROLE, 'Helps people.', ROLE.permissions)).toEqual({ description: 'Helps people.' });
  });

  it('takes an emptied description away', () => {
    expect(changesOf(ROLE, '', ROLE.permissions)).toEqual({ description: null });
  });
});

describe('whyReadOnly', () => {
  const me = (...permissions: string[]) => ({ permissions }) as MeDto;

  it.each([
    [
      'is built in',
      { ...ROLE, isBuiltIn: true },
      me('roles:write', 'a:read', 'b:read'),
      EN.roles.readOnly.builtIn,
    ],
    ['is only to be looked at', ROLE, me('a:read', 'b:read'), EN.roles.readOnly.noWrite],
    ['gives more than one holds', ROLE, me('roles:write', 'b:read'), EN.roles.readOnly.above('a:read')],
  ])('tells that a role %s', (_reason, role, person, expected) => {
    expect(whyReadOnly(role, person, EN)).toBe(expected);
  });

  it('is nothing for whoever holds all of it', () => {
    expect(whyReadOnly(ROLE, me('roles:write', 'a:read', 'b:read'), EN)).toBeNull();
  });
});
