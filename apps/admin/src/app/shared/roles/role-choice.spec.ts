import type { MeDto, RoleDto } from '@latchkey/auth-models';
import { EN } from '../../core/texts/en';
import { roleDescription } from './permission-text';
import { permissionsOf, roleChoices, rolePermits } from './role-choice';

const me = { permissions: ['users:read', 'users:write'], roles: ['support'] } as MeDto;
const role = (name: string, permissions: string[], description?: string) =>
  ({ name, permissions, description }) as RoleDto;

describe('roleChoices', () => {
  it('says what each role has that the person does not', () => {
    const choices = roleChoices(
      [role('support', ['users:read']), role('admin', ['users:read', 'roles:write'])],
      me,
    );

    expect(choices.map(({ above }) => above)).toEqual([[], ['roles:write', 'admin']]);
  });

  it('bars a role that the person does not hold, even if it permits nothing, unless they have roles:write', () => {
    const roles = [role('user', []), role('label', []), role('support', [])];
    const editor = { permissions: ['roles:write'], roles: [] as string[] } as MeDto;

    expect(roleChoices(roles, me).map(({ above }) => above)).toEqual([[], ['label'], []]);
    expect(roleChoices(roles, editor).map(({ above }) => above)).toEqual([[], [], []]);
  });

  it('offers the built-in roles, the person’s own and known ones to whoever may not see all', () => {
    const choices = roleChoices(undefined, me, ['editor']);

    expect(choices.map(({ name }) => name)).toEqual(['admin', 'auditor', 'editor', 'support', 'user']);
    expect(choices.find(({ name }) => name === 'auditor')?.above).toContain('audit:read');
    expect(choices.find(({ name }) => name === 'editor')).toMatchObject({
      permissions: null,
      above: ['editor'],
    });
  });
});

describe('permissionsOf', () => {
  it('is what all of the roles permit together', () => {
    const choices = roleChoices(
      [role('one', ['b:c', 'a:b']), role('two', ['a:b']), role('three', ['x:y'])],
      me,
    );

    expect(permissionsOf(choices, ['one', 'two'])).toEqual(['a:b', 'b:c']);
  });
});

describe('a role in words', () => {
  it('is described by the console if built in, else by whoever made it', () => {
    const [admin, own] = roleChoices([role('admin', [], 'of the server'), role('own', [], 'Mine.')], me);

    expect([admin, own].map((choice) => choice && roleDescription(choice, EN))).toEqual([
      'Full access, including everything that feature modules add.',
      'Mine.',
    ]);
  });

  it('says what it permits, that this is nothing, or that it cannot be seen', () => {
    const [some] = roleChoices([role('some', ['a:b', 'b:c'])], me);
    const [none] = roleChoices([role('none', [])], me);
    const unseen = roleChoices(undefined, me).find(({ name }) => name === 'support');

    expect([some, none, unseen].map((choice) => choice && rolePermits(choice, EN))).toEqual([
      'Permits a:b, b:c.',
      'Permits nothing here; services read it as a label.',
      'You may not see what this role permits.',
    ]);
  });
});
