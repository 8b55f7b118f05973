import type { MeDto, RoleDto } from '@latchkey/auth-models';
import { EN } from '../../core/texts/en';
import { roleDescription, permissionsOf, roleChoices, rolePermits } from './roles';

const me = { permissions: ['users:read', 'users:write'], roles: ['support'] } as MeDto;
const role = (name: string, permissions: string[], description?: string) =>
  ({ name, permissions, description }) as RoleDto;

describe('roleChoices', () => {
  it('returns the permissions of each role that the user does not hold', () => {
    const choices = roleChoices(
      [role('support', ['users:read']), role('admin', ['users:read', 'roles:write'])],
      me,
    );

    expect(choices.map(({ missing }) => missing)).toEqual([[], ['roles:write', 'admin']]);
  });

  it('returns a role the user does not hold as missing, unless they hold roles:write', () => {
    const roles = [role('user', []), role('label', []), role('support', [])];
    const editor = { permissions: ['roles:write'], roles: [] as string[] } as MeDto;

    expect(roleChoices(roles, me).map(({ missing }) => missing)).toEqual([[], ['label'], []]);
    expect(roleChoices(roles, editor).map(({ missing }) => missing)).toEqual([[], [], []]);
  });

  it('returns built-in, own and known roles for users who may not see all', () => {
    const choices = roleChoices(undefined, me, ['editor']);

    expect(choices.map(({ name }) => name)).toEqual(['admin', 'auditor', 'editor', 'support', 'user']);
    expect(choices.find(({ name }) => name === 'auditor')?.missing).toContain('audit:read');
    expect(choices.find(({ name }) => name === 'editor')).toMatchObject({
      permissions: null,
      missing: ['editor'],
    });
  });
});

describe('permissionsOf', () => {
  it('returns the permissions of all given roles', () => {
    const choices = roleChoices(
      [role('one', ['b:c', 'a:b']), role('two', ['a:b']), role('three', ['x:y'])],
      me,
    );

    expect(permissionsOf(choices, ['one', 'two'])).toEqual(['a:b', 'b:c']);
  });
});

describe('role texts', () => {
  it('use the translated description of built-in roles, otherwise their own', () => {
    const [admin, own] = roleChoices([role('admin', [], 'of the server'), role('own', [], 'Mine.')], me);

    expect([admin, own].map((choice) => choice && roleDescription(choice, EN))).toEqual([
      'Full access, including everything that feature modules add.',
      'Mine.',
    ]);
  });

  it('state the permissions, none, or that they cannot be seen', () => {
    const [some] = roleChoices([role('some', ['a:b', 'b:c'])], me);
    const [none] = roleChoices([role('none', [])], me);
    const unseen = roleChoices(undefined, me).find(({ name }) => name === 'support');

    expect([some, none, unseen].map((choice) => choice && rolePermits(choice, EN))).toEqual([
      'Grants a:b, b:c.',
      'Grants no permissions in Latchkey. Services can read it as a label.',
      'You cannot see the permissions of this role.',
    ]);
  });
});
