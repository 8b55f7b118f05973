import { BUILT_IN_PERMISSIONS } from '@latchkey/auth-models';
import { DE } from '../core/texts/de';
import { EN } from '../core/texts/en';
import type { PermissionGroup } from '../shared/permissions/permission-groups';
import { summarizePermissions } from './permission-summary';

const ALL: PermissionGroup[] = [
  {
    api: null,
    description: null,
    permissions: [
      ...Object.entries(BUILT_IN_PERMISSIONS).map(([name, description]) => ({ name, description })),
      { name: 'greetings:write', description: 'Change the greetings.' },
    ],
  },
  {
    api: 'orders',
    description: null,
    permissions: [{ name: 'orders:write', description: 'Change orders.' }],
  },
];
const { warnings } = EN.roles.summary;
const summarize = (...selected: string[]) => summarizePermissions(selected, ALL, false, EN);

describe('summarizePermissions', () => {
  it('describes each permission, those of feature modules in their own words', () => {
    expect(summarize('greetings:write', 'audit:read').groups).toEqual([
      { api: null, descriptions: [BUILT_IN_PERMISSIONS['audit:read'], 'Change the greetings.'] },
    ]);
  });

  it('describes the permissions of each API by themselves', () => {
    expect(summarize('orders:write', 'audit:read').groups).toEqual([
      { api: null, descriptions: [BUILT_IN_PERMISSIONS['audit:read']] },
      { api: 'orders', descriptions: ['Change orders.'] },
    ]);
  });

  it('describes built-in permissions in German', () => {
    expect(summarizePermissions(['audit:read', 'greetings:write'], ALL, false, DE).groups).toEqual([
      { api: null, descriptions: ['Das Audit-Protokoll lesen.', 'Change the greetings.'] },
    ]);
  });

  it('is empty without permissions', () => {
    expect(summarize()).toEqual({ groups: [], warnings: [], hints: [] });
  });

  it.each([
    [['users:write'], [warnings.password]],
    [['tokens:write'], [warnings.token]],
    [['tokens:write', 'users:write'], [warnings.passwordOrToken]],
    [['roles:write'], [warnings.roles]],
    [['audit:read', 'users:read'], []],
  ])('warns of %j', (selected, expected) => {
    expect(summarize(...selected).warnings).toEqual(expected);
  });

  it.each([
    [false, warnings.everything],
    [true, warnings.administrator],
  ])('has a single warning for all permissions, with a built-in role: %s', (isBuiltIn, expected) => {
    const everything = Object.keys(BUILT_IN_PERMISSIONS);

    expect(summarizePermissions(everything, ALL, isBuiltIn, EN).warnings).toEqual([expected]);
  });

  it('hints at resources that can be changed but not seen, if they could be seen at all', () => {
    expect(
      summarize('users:write', 'tokens:write', 'tokens:read', 'greetings:write', 'orders:write').hints,
    ).toEqual([EN.roles.summary.unseen('users')]);
  });
});
