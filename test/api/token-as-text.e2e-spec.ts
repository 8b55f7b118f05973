import { describe, expect, it } from '@jest/globals';
import { newUser } from '../support/factories.js';
import { ADMIN } from '../support/test-server.js';
import { useServer } from '../support/use-server.js';

const server = useServer();
const ask = async (path: string, accept = 'text/plain', condition = {}) => {
  const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  return server.client.request('POST', path, { headers: { ...headers, ...condition, Accept: accept } });
};
const nameOf = async (value: string) => (await server.client.me({ 'X-Auth-Token': value })).body.name;

describe('a new secret with Accept: text/plain', () => {
  it('is the value of X-Auth-Token, for oneself, for a service and by rotation', async () => {
    const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
    const service = newUser({ kind: 'service', password: undefined });
    await server.client.createUser(service, headers);

    const own = await ask('/me/tokens');
    const forService = await ask(`/users/${service.name}/tokens`);
    const id = forService.headers.get('location')?.split('/').at(-1) ?? '';
    const rotated = await ask(`/tokens/${id}/rotate`, 'text/plain', { 'If-Match': '"0"' });

    const answers = [own, forService, rotated];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 200]);
    expect(answers.map((answer) => answer.headers.get('content-type'))).toEqual(
      Array(3).fill('text/plain; charset=utf-8'),
    );
    expect(await nameOf(own.text)).toBe(ADMIN.name);
    expect(await nameOf(rotated.text)).toBe(service.name);
    expect((await server.client.me({ 'X-Auth-Token': forService.text })).status).toBe(401);
  });

  it('is JSON for Accept: */*', async () => {
    const { headers } = await ask('/me/tokens', '*/*');

    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  });
});
