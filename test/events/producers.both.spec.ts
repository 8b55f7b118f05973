import { describe, expect, it } from '@jest/globals';
import { type AuditEventDto } from '@latchkey/auth-models';
import { newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer({ environment: { LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' } });
const asAdmin = useAdmin(server);

/** Returns the entries of an action about a subject, oldest first. */
async function entriesAbout(subject: string, action: string): Promise<AuditEventDto[]> {
  const { body } = await server.client.auditEvents(asAdmin, `?subject=${subject}&action=${action}&size=200`);
  return body.items.toReversed();
}

async function createUser(): Promise<string> {
  const { body } = await server.client.createUser(newUser(), asAdmin);
  return body.name;
}

describe('logins from new networks', () => {
  const logInFrom = async (name: string, ...addresses: string[]) => {
    for (const address of addresses) {
      const headers = { 'X-Forwarded-For': address, 'User-Agent': 'Firefox' };
      expect((await server.client.login(name, PASSWORD, { headers })).status).toBe(200);
    }
  };
  const newNetworksOf = async (name: string) =>
    (await entriesAbout(name, 'authn_login_success'))
      .filter(({ after }) => after?.['newNetwork'])
      .map(({ address, after }) => [address, after?.['userAgent']]);

  it('are marked, except for the first login and other addresses of a known network', async () => {
    const name = await createUser();

    await logInFrom(name, '192.0.2.1', '192.0.2.254', '192.0.3.1', '192.0.2.7');
    await logInFrom(name, '2001:db8:1::1', '2001:db8:1:ffff::2', '2001:db8:2::1', '::ffff:192.0.3.9');

    expect(await newNetworksOf(name)).toEqual([
      ['192.0.3.1', 'Firefox'],
      ['2001:db8:1::1', 'Firefox'],
      ['2001:db8:2::1', 'Firefox'],
    ]);
  });

  it('replace the oldest of 20 networks, which is then new again', async () => {
    const name = await createUser();
    const networks = Array.from({ length: 21 }, (_, index) => `198.51.${100 + index}.1`);
    await logInFrom(name, ...networks);

    await logInFrom(name, '198.51.101.1', '198.51.100.1');

    const [{ count } = { count: 0 }] = await server.database.query<{ count: number | string }>(
      `SELECT COUNT(*) AS count FROM login_networks WHERE "userId" = (SELECT id FROM users WHERE name = '${name}')`,
    );
    expect(Number(count)).toBe(20);
    expect((await newNetworksOf(name)).map(([address]) => address)).toEqual([
      ...networks.slice(1),
      '198.51.100.1',
    ]);
  });

  it('are marked once when they are simultaneous', async () => {
    const name = await createUser();
    await logInFrom(name, '192.0.2.1');

    await Promise.all([1, 2, 3, 4].map((last) => logInFrom(name, `203.0.113.${last}`)));

    expect(await newNetworksOf(name)).toHaveLength(1);
  });
});
