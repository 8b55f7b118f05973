import { type QueryRunner } from 'typeorm';
import { bigint, boolean, childOf, id, integer, longText, primaryKey, text } from '../columns.js';
import { CreateTables } from './create-tables.js';

/** The built-in roles. `*` stands for all permissions, `*:read` for all read permissions. */
const BUILT_IN = [
  {
    name: 'admin',
    description: 'Full access, including everything that feature modules add.',
    permissions: '*',
  },
  { name: 'auditor', description: 'Read-only access to everything.', permissions: '*:read' },
  { name: 'user', description: 'Own account and tokens only.', permissions: '' },
];

/**
 * Creates the roles, including the built-in ones, the users, their roles and the networks of their logins,
 * and the APIs with their permissions.
 */
export class CreateUsers1764115200001 extends CreateTables {
  protected readonly tables = [
    {
      name: 'roles',
      columns: [
        text('name', 64, primaryKey('roles')),
        text('description', 200),
        longText('permissions'),
        boolean('isBuiltIn', { default: false }),
        boolean('requiresSecondFactor', { default: false }),
        bigint('creationTime'),
        integer('version', { default: 0 }),
      ],
    },
    {
      name: 'users',
      columns: [
        id('id', primaryKey('users')),
        text('name', 256),
        text('displayName', 400, { isNullable: true }),
        text('email', 254, { isNullable: true }),
        text('kind', 16),
        boolean('enabled', { default: true }),
        longText('passwordHash', { isNullable: true }),
        bigint('tokensRevokedBefore', { default: 0 }),
        bigint('creationTime'),
        bigint('lastLoginTime', { isNullable: true }),
        text('setUpDigest', 43, { isNullable: true }),
        bigint('setUpExpirationTime', { isNullable: true }),
        integer('version', { default: 0 }),
        longText('setUpLimit', { isNullable: true }),
        text('skeleton', 1_024, { isNullable: true }),
        bigint('lostPasswordTime', { isNullable: true }),
        text('responsible', 261, { isNullable: true }),
      ],
      indices: [
        { name: 'IDX_users_name', columnNames: ['name'], isUnique: true },
        { name: 'IDX_users_email', columnNames: ['email'] },
        { name: 'IDX_users_responsible', columnNames: ['responsible'] },
        { name: 'IDX_users_skeleton', columnNames: ['skeleton'], isUnique: true },
        { name: 'IDX_users_setUpDigest', columnNames: ['setUpDigest'], isUnique: true },
      ],
    },
    {
      name: 'user_roles',
      columns: [id('userId', primaryKey('user_roles')), text('roleName', 64, primaryKey('user_roles'))],
      indices: [{ name: 'IDX_user_roles_roleName', columnNames: ['roleName'] }],
      foreignKeys: [
        childOf('users', 'user_roles', 'userId'),
        {
          name: 'FK_user_roles_roleName',
          columnNames: ['roleName'],
          referencedTableName: 'roles',
          referencedColumnNames: ['name'],
        },
      ],
    },
    {
      name: 'login_networks',
      columns: [
        id('userId', primaryKey('login_networks')),
        text('network', 64, primaryKey('login_networks')),
        integer('day'),
      ],
      foreignKeys: [childOf('users', 'login_networks', 'userId')],
    },
    {
      name: 'apis',
      columns: [
        text('name', 64, primaryKey('apis')),
        text('description', 200),
        longText('permissions'),
        bigint('creationTime'),
        integer('version', { default: 0 }),
      ],
    },
  ];

  protected override async complete(runner: QueryRunner): Promise<void> {
    for (const role of BUILT_IN) {
      await runner.manager
        .createQueryBuilder()
        .insert()
        .into('roles')
        .values({ ...role, isBuiltIn: true, creationTime: Date.now(), version: 0 })
        .execute();
    }
  }
}
