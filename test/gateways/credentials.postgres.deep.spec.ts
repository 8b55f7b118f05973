import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { tokenHeader } from '../support/api-client.js';
import { describeIfInstalled, type ExternalProgram } from '../support/external-programs.js';
import { PROTECTED_APIS } from './protected-apis.js';
import { lineOf, sendTo } from './send-to.js';
import { useGuardedApi } from './use-guarded-api.js';

const guarded = useGuardedApi();
const bearerOf = ({ token }: UserTokenDto) => `Authorization: Bearer ${token}`;

for (const { name, needs, start, paths } of PROTECTED_APIS) {
  describeIfInstalled(needs, name, () => {
    let gateway: ExternalProgram;

    beforeAll(async () => {
      gateway = await start(guarded);
    });

    afterAll(() => gateway.stop());

    const [path, other] = paths;
    const get = (target: string, ...lines: string[]) => sendTo(gateway, [`GET ${target} HTTP/1.1`, ...lines]);

    it.each<[string, (token: UserTokenDto) => string[]]>([
      ['X-Auth-Token', (token) => [lineOf(token)]],
      ['Bearer', (token) => [bearerOf(token)]],
      ['both headers with the same token', (token) => [lineOf(token), bearerOf(token)]],
      ['X-Auth-Token beside another scheme', (token) => [lineOf(token), 'Authorization: Negotiate abc']],
    ])('accepts %s', async (_, linesFor) => {
      const answers = [
        await get(path, ...linesFor(guarded.editor)),
        await get(other, ...linesFor(guarded.editor)),
      ];

      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    });

    it('reports no error for a request without credentials', async () => {
      const { status, headers } = await get(path);

      expect([status, headers['www-authenticate']]).toEqual([401, 'XAuthToken realm="latchkey"']);
    });

    it.each<[string, () => string[]]>([
      ['an empty X-Auth-Token', () => ['X-Auth-Token:']],
      ['an empty Authorization', () => ['Authorization:']],
      ['two empty headers', () => ['X-Auth-Token:', 'Authorization:']],
      ['an empty Bearer', () => ['Authorization: Bearer']],
      ['different tokens in both headers', () => [lineOf(guarded.editor), bearerOf(guarded.reader)]],
    ])('returns 401 with a challenge for %s', async (_, linesFor) => {
      const { status, headers } = await get(path, ...linesFor());

      expect(status).toBe(401);
      expect(headers['www-authenticate']).toMatch(/^XAuthToken realm="latchkey"/);
    });

    it('sends Latchkey one request, with the address and the agent of the client', async () => {
      guarded.tap.questions = [];

      await get(path, lineOf(guarded.editor), 'User-Agent: test');

      expect(guarded.tap.questions.map(({ fields }) => fields)).toEqual([
        expect.arrayContaining(['user-agent: test', 'x-forwarded-for: 127.0.0.1']),
      ]);
    });

    it('counts each request as one use', async () => {
      const { body: token } = await guarded.latchkey.client.createMyToken(tokenHeader(guarded.editor), {
        maxUses: 4,
      });

      const statuses = [];
      for (const target of [path, other, path, other, path]) {
        statuses.push((await get(target, lineOf(token))).status);
      }

      expect(statuses).toEqual([200, 200, 200, 200, 401]);
    });
  });
}
