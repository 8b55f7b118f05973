import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { BUILT_IN_PERMISSIONS, type CreateRoleDto } from '@latchkey/auth-models';
import { ReportsModule } from '../fixtures/reports-module/reports.module.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { useRoles } from '../support/use-roles.js';

const server = useServer({ features: [ReportsModule] });
const asAdmin = useAdmin(server);
const { makeHolder, makeRole } = useRoles(server, asAdmin);

describe('GET /permissions', () => {
  it('returns all permissions with descriptions, including those of feature modules', async () => {
    const { status, body } = await server.client.permissions(asAdmin);

    const expected = { ...BUILT_IN_PERMISSIONS, 'reports:read': 'Read reports.' };
    expect(status).toBe(200);
    expect(body.items.map(({ name, description }) => [name, description])).toEqual(
      Object.entries(expected).sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  });
});

describe('a permission of a feature module', () => {
  it('can be added to a role as the documentation shows', async () => {
    const page = readFileSync('docs/guides/add-a-feature.md', 'utf8');
    const [, body = ''] = /^ {2}-d '(\{.*\})'$/m.exec(page) ?? [];
    const role = JSON.parse(body) as CreateRoleDto;

    const { status } = await server.client.createRole(role, asAdmin);

    const asReader = await makeHolder(role.name);
    expect(status).toBe(201);
    expect((await server.client.request('GET', '/reports', { headers: asReader })).status).toBe(200);
  });

  it('can be added to a role, whose holders then have it', async () => {
    const role = await makeRole({ permissions: ['reports:read'] });
    const asReader = await makeHolder(role);

    const { status } = await server.client.request('GET', '/reports', { headers: asReader });

    expect(status).toBe(200);
    expect((await server.client.me(asReader)).body.permissions).toEqual(['reports:read']);
  });

  it('is granted by the matching built-in roles', async () => {
    const roles = await Promise.all(
      ['admin', 'auditor', 'user'].map((name) => server.client.role(name, asAdmin)),
    );

    expect(roles.map(({ body }) => body.permissions.includes('reports:read'))).toEqual([true, true, false]);
  });
});
