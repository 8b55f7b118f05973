import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { codeOnPage } from '../docs/code-on-page.js';
import { CommandsOnPage } from '../docs/commands-on-page.js';
import { MoreReportsModule } from '../fixtures/reports-module/more-reports.module.js';
import { ReportsModule } from '../fixtures/reports-module/reports.module.js';
import { basic, type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer({ features: [ReportsModule, MoreReportsModule] });
const asAdmin = useAdmin(server);
let asUser: Headers;
const user = newUser();

beforeAll(async () => {
  await server.client.createUser(user, asAdmin);
  asUser = await server.client.loginHeaders(user.name, PASSWORD);
});

const get = (path: string, headers: Headers = {}) => server.client.request<unknown>('GET', path, { headers });

describe('docs: adding a feature', () => {
  it('shows the module tested here, with paths for its own folder', () => {
    const fixture = readFileSync('test/fixtures/reports-module/reports.module.ts', 'utf8');

    expect(codeOnPage('guides/add-a-feature.md', 'ts')).toContain(
      fixture.replaceAll("'../../../apps/api/src/", "'../"),
    );
  });

  it('shows the list of features with this module added', () => {
    const features = readFileSync('apps/api/src/features.ts', 'utf8');
    const [, shown = ''] = codeOnPage('guides/add-a-feature.md', 'ts');

    const without = shown.replace(/import .*ReportsModule.*\n/, '').replace('[ReportsModule]', '[]');
    expect(features.replace(/\/\*\*.*\*\/\n/, '')).toBe(without);
  });

  it('has commands that create a role and show who is rejected', async () => {
    const page = new CommandsOnPage(
      'guides/add-a-feature.md',
      { TOKEN: asAdmin['X-Auth-Token'] ?? '' },
      { 'http://127.0.0.1:3000': server.client.baseUrl },
    );

    expect(await page.run('report-reader')).toContain('"permissions":["reports:read"]');
    expect((await page.run('-i')).match(/(?<=HTTP\/1.1 )\d+/g)).toEqual(['401', '200']);
    expect(page.untried).toEqual([]);
  });
});

describe('a route of a feature module with @RequirePermissions', () => {
  it('returns 401 without a token', async () => {
    expect((await get('/reports')).status).toBe(401);
  });

  it('returns 403 to a user without the permission', async () => {
    const { status, body } = await get('/reports', asUser);

    expect(status).toBe(403);
    expect(body).toMatchObject({ code: 'forbidden', detail: 'This needs reports:read.' });
  });

  it('returns 200 to an administrator, who holds the permissions of features', async () => {
    const { status, body } = await get('/reports', asAdmin);

    expect([status, body]).toEqual([200, [{ title: 'Quarterly figures', reader: ADMIN.name }]]);
  });

  it('negotiates the media type', async () => {
    const { headers, text } = await get('/reports', { ...asAdmin, Accept: 'application/yaml' });

    expect(headers.get('content-type')).toBe('application/yaml; charset=utf-8');
    expect(text).toContain('title: "Quarterly figures"');
  });
});

describe('a route of a feature module with BasicAuthGuard', () => {
  it('returns 401 with a Basic challenge to a token', async () => {
    const { status, headers } = await get('/reports/feed', asAdmin);

    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Basic realm="latchkey", charset="UTF-8"');
  });

  it('returns 403 to a user without the permission', async () => {
    expect((await get('/reports/feed', { Authorization: basic(user.name, PASSWORD) })).status).toBe(403);
  });

  it('returns 200 to an administrator with name and password', async () => {
    const { status, body } = await get('/reports/feed', { Authorization: basic(ADMIN.name, ADMIN.password) });

    expect([status, body]).toEqual([200, { title: 'Newest', reader: ADMIN.name }]);
  });
});

describe('a route of a feature module without a policy', () => {
  it('returns 403 to every user', async () => {
    expect((await get('/reports/forgotten', asAdmin)).status).toBe(403);
  });
});

describe('the permission of a feature module', () => {
  it('is among the effective permissions of an administrator', async () => {
    expect((await server.client.me(asAdmin)).body.permissions).toContain('reports:read');
  });
});
