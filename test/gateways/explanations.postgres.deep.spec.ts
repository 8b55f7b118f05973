import { expect, it } from '@jest/globals';
import { type ExplanationDto } from '@latchkey/auth-models';
import { describeIfInstalled } from '../support/external-programs.js';
import { REJECTING, type RejectedRequest } from '../support/rejected-requests.js';
import { PROXIES, protecting, type Change } from './guarding-proxies.js';
import { fewAtATime, sendTo } from './send-to.js';
import { useGuardedApi } from './use-guarded-api.js';

const ROLE = 'editor';
const PATHS = { permission: 'drafts', role: 'role' };

const protectBoth: Change = (part) => part + protecting(PATHS.role, `role=${ROLE}`)(part);

const guarded = useGuardedApi();

for (const { name, needs, start, protect } of PROXIES) {
  describeIfInstalled(needs, `requests that ${name} rejects`, () => {
    it('have an id by which they are explained', async () => {
      const { latchkey, database, api, asAdmin } = guarded;
      const { client } = latchkey;
      const { host } = new URL(client.baseUrl);
      const proxy = await start(host, api.authority, protect(protectBoth));
      const requests: RejectedRequest[] = [];
      for (const { prepare } of REJECTING) {
        requests.push(await prepare({ client, database, asAdmin, permission: 'drafts:read', role: ROLE }));
      }

      const answers = await fewAtATime(requests, ({ headers, demands }) =>
        sendTo(proxy, [
          `GET /${demands ? PATHS[demands] : 'hello'} HTTP/1.1`,
          ...Object.entries(headers).map(([field, value]) => `${field}: ${value}`),
        ]),
      ).finally(() => proxy.stop());

      const explained = [];
      for (const { status, headers } of answers) {
        const traceId = encodeURIComponent(headers['x-request-id'] ?? 'none');
        const path = `/explanations/${traceId}`;
        const { body } = await client.request<ExplanationDto>('GET', path, { headers: asAdmin });
        explained.push({
          isRejected: status === 401 || status === 403,
          // Clients that join fields would read two challenges.
          challenges: status === 401 ? headers['www-authenticate']?.split('XAuthToken').length : 2,
          cause: body.cause,
          remedy: body.remedy?.kind,
          user: body.user,
          address: body.address,
        });
      }
      expect(explained).toEqual(
        REJECTING.map(({ cause, remedy }, index) => ({
          isRejected: true,
          challenges: 2,
          cause,
          remedy,
          user: requests[index]?.user,
          address: '127.0.0.1',
        })),
      );
    });
  });
}
