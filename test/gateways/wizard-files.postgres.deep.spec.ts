import { beforeAll, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { tokenHeader } from '../support/api-client.js';
import { describeIfInstalled } from '../support/external-programs.js';
import { PASSWORD } from '../support/factories.js';
import { PROXIES } from './guarding-proxies.js';
import { lineOf, sendTo } from './send-to.js';
import { useGuardedApi } from './use-guarded-api.js';

const API = 'pay-slips';
const PATH = '/pay';
const VALUES = { api: API, path: PATH, read: `${API}:view`, write: `${API}:edit` };

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

for (const { name, needs, start } of PROXIES) {
  describeIfInstalled(needs, `the wizard's configuration for ${name}`, () => {
    it('requires a token on all paths, and its permissions on the chosen path', async () => {
      const { latchkey, tap, api } = guarded;
      const { body: limited } = await latchkey.client.createMyToken(tokenHeader(clerk), { permissions: [] });
      const proxy = await start(tap.authority, api.authority, undefined, VALUES);
      const send = async (line: string, token?: UserTokenDto) =>
        (await sendTo(proxy, [`${line} HTTP/1.1`, ...(token ? [lineOf(token)] : [])])).status;

      const statuses = await Promise.all([
        send(`GET ${PATH}`),
        send(`GET ${PATH}`, clerk),
        send(`GET ${PATH}`, limited),
        send(`POST ${PATH}`, clerk),
        send('GET /other'),
        send('POST /other', limited),
      ]).finally(() => proxy.stop());

      expect(statuses).toEqual([401, 200, 403, 403, 401, 200]);
    });
  });
}
