import { beforeAll, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { guardFiles, type Guard } from '../../apps/admin/src/app/apis/protect/gateway-files.js';
import { textOfPage } from '../docs/code-on-page.js';
import { tokenHeader } from '../support/api-client.js';
import {
  APACHE_MISSING,
  CADDY_MISSING,
  HAPROXY_MISSING,
  NGINX_MISSING,
  describeIfInstalled,
  type ExternalProgram,
  startApache,
  startCaddy,
  startHaproxy,
  startNginx,
} from '../support/external-programs.js';
import { PASSWORD } from '../support/factories.js';
import { asCaller, replaced } from './guarding-proxies.js';
import { lineOf, sendTo } from './send-to.js';
import { useGuardedApi } from './use-guarded-api.js';

const API = 'pay-slips';
const PATH = '/pay';

const guarded = useGuardedApi();
let clerk: UserTokenDto;

beforeAll(async () => {
  const { latchkey, asAdmin } = guarded;
  const permissions = ['view', 'edit'].map((name) => ({ name: `${API}:${name}`, description: 'Act.' }));
  await latchkey.client.createApi({ name: API, permissions }, asAdmin);
  await latchkey.client.createRole({ name: 'clerk', permissions: [`${API}:view`, 'apis:write'] }, asAdmin);
  await latchkey.client.createUser({ name: 'clerk', password: PASSWORD, roles: ['clerk'] }, asAdmin);
  clerk = (await latchkey.client.login('clerk', PASSWORD)).body;
});

/** Returns the texts of the files that the wizard of the console creates. */
function textsOf(guard: Guard, port: number): [string, string] {
  const files = guardFiles(guard, textOfPage(`guides/gateways/${guard}.md`), {
    api: API,
    path: PATH,
    read: `${API}:view`,
    write: `${API}:edit`,
    listen: `127.0.0.1:${port}`,
    upstream: guarded.api.authority,
    latchkey: new URL(guarded.latchkey.client.baseUrl).host,
  });
  return files.map(({ text }) => text) as [string, string];
}

const GATEWAYS: [Guard, string | null, () => Promise<ExternalProgram>][] = [
  ['nginx', NGINX_MISSING, () => startNginx((port) => textsOf('nginx', port)[0])],
  ['caddy', CADDY_MISSING, () => startCaddy((port) => textsOf('caddy', port)[0])],
  [
    'haproxy',
    HAPROXY_MISSING,
    () =>
      startHaproxy((folder, port) => {
        const [script, main] = textsOf('haproxy', port);
        return { 'haproxy.cfg': asCaller(replaced(main, '/etc/haproxy', folder)), 'latchkey.lua': script };
      }),
  ],
  [
    'apache',
    APACHE_MISSING,
    () =>
      startApache((folder, port) => {
        const [script, site] = textsOf('apache', port);
        return { 'site.conf': replaced(site, '/etc/apache2', folder), 'latchkey.lua': script };
      }),
  ],
];

for (const [guard, missing, start] of GATEWAYS) {
  describeIfInstalled(missing, `the wizard's configuration for ${guard}`, () => {
    it('requires a token on all paths, and its permissions on the chosen path', async () => {
      const { latchkey } = guarded;
      const { body: limited } = await latchkey.client.createMyToken(tokenHeader(clerk), { permissions: [] });
      const proxy = await start();
      const send = async (line: string, token?: UserTokenDto) =>
        (await sendTo(proxy, [`${line} HTTP/1.1`, ...(token ? [lineOf(token)] : [])])).status;

      const probed = await latchkey.client.probeApi(
        API,
        { url: proxy.baseUrl + PATH, permission: `${API}:view` },
        tokenHeader(clerk),
      );
      const statuses = await Promise.all([
        send(`GET ${PATH}`),
        send(`GET ${PATH}`, clerk),
        send(`GET ${PATH}`, limited),
        send(`POST ${PATH}`, clerk),
        send('GET /other'),
        send('POST /other', limited),
      ]).finally(() => proxy.stop());

      expect(statuses).toEqual([401, 200, 403, 403, 401, 200]);
      expect(probed.body.checks.map(({ status, passed }) => [status, passed])).toEqual([
        [401, true],
        [200, true],
        [403, true],
      ]);
    });
  });
}
