import { describe, expect, it } from '@jest/globals';
import { VARIABLES } from '../../apps/api/src/platform/config/variables.js';
import { ADMIN } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { useRoles } from '../support/use-roles.js';

/** 32 bytes in base64 that stand out. */
const AUDIT_KEY = Buffer.from('marked-secret-of-exactly-32bytes').toString('base64');

const server = useServer({ environment: { LATCHKEY_AUDIT_KEY: AUDIT_KEY, LATCHKEY_SHUTDOWN_SECONDS: '7' } });
const asAdmin = useAdmin(server);
const { makeHolder } = useRoles(server, asAdmin);

const TYPES = [
  'application/json',
  'application/xml',
  'application/yaml',
  'application/cbor',
  'text/csv',
  'application/x-ndjson',
];

describe('GET /settings', () => {
  it('returns every variable with its value and source', async () => {
    const { status, body } = await server.client.settings(asAdmin);

    expect(status).toBe(200);
    expect(body.items.map(({ name }) => name)).toEqual(Object.keys(VARIABLES));
    expect(body.items).toEqual(
      expect.arrayContaining([
        { name: 'LATCHKEY_SHUTDOWN_SECONDS', source: 'environment', isSet: true, value: '7' },
        { name: 'LATCHKEY_DATABASE_POOL', source: 'default', isSet: true, value: '10' },
        { name: 'LATCHKEY_TRUSTED_PROXIES', source: 'default', isSet: false },
        { name: 'LATCHKEY_ADMIN_PASSWORD', source: 'environment', isSet: true },
        { name: 'LATCHKEY_AUDIT_KEY', source: 'environment', isSet: true },
      ]),
    );
  });

  it.each(TYPES)('returns no secret as %s', async (type) => {
    const { status, text } = await server.client.settings({ ...asAdmin, Accept: type });

    const { password } = new URL(server.database.url);
    expect(status).toBe(200);
    expect(text).toContain('LATCHKEY_AUDIT_KEY');
    for (const secret of [AUDIT_KEY, ADMIN.password, ...(password ? [`:${password}@`] : [])]) {
      expect(text).not.toContain(secret);
    }
  });

  it('returns the URL of the database without its password', async () => {
    const { body } = await server.client.settings(asAdmin);

    const { value } = body.items.find(({ name }) => name === 'DATABASE_URL') ?? {};
    const expected = new URL(server.database.url);
    expected.password = '';
    expect(value).toBe(expected.href);
  });

  it('returns 200 to holders of settings:read, such as auditors', async () => {
    const [asAuditor, asUser] = await Promise.all([makeHolder('auditor'), makeHolder('user')]);

    expect((await server.client.settings(asAuditor)).status).toBe(200);
    const { status, text } = await server.client.settings(asUser);
    expect(status).toBe(403);
    expect(text).not.toContain(AUDIT_KEY);
  });

  it('returns 400 for a parameter', async () => {
    const { status } = await server.client.request('GET', '/settings?name=LATCHKEY_AUDIT_KEY', {
      headers: asAdmin,
    });

    expect(status).toBe(400);
  });
});
