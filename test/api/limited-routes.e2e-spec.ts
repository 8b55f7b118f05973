import { describe, expect, it } from '@jest/globals';
import { basic, type Headers } from '../support/api-client.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);
const asPerson = () => ({ Authorization: basic(ADMIN.name, ADMIN.password) });

const LIMITED: [string, string, () => Headers, boolean][] = [
  ['POST', '/auth/login', asPerson, true],
  ['PUT', '/me/password', () => asAdmin, true],
  ['POST', '/auth/set-up', () => ({}), false],
];

describe.each(LIMITED)('%s %s', (method, path, headers, isOfAccount) => {
  const limits = async (more: Headers, body?: object, query = '') => {
    const answer = await server.client.request(method, path + query, {
      headers: { ...headers(), ...more },
      body,
    });
    return [answer.status, answer.headers.get('ratelimit-policy'), answer.headers.get('ratelimit')];
  };
  const address = '"address";q=1000;w=900';
  const policy = isOfAccount ? `${address}, "account";q=1000;w=900` : address;

  it.each<[string, number, Headers, object | undefined, string]>([
    ['a body that is not taken', 422, {}, { password: 'short', note: 7, nonsense: 1 }, ''],
    ['a type that is not read', 415, { 'Content-Type': 'text/plain' }, {}, ''],
    ['a type that cannot be served', 406, { Accept: 'image/png' }, {}, ''],
    ['a parameter', 400, {}, {}, '?nonsense=1'],
  ])('sends its rate limits with the response to %s', async (_, status, more, body, query) => {
    expect(await limits(more, body, query)).toEqual([
      status,
      policy,
      expect.stringContaining('"address";r='),
    ]);
  });

  it('sends the limit of the address before the user is known', async () => {
    expect(await limits({}, {}, '?token=x')).toEqual([400, address, expect.stringContaining('"address";r=')]);
  });
});

describe('PUT /me/password without credentials', () => {
  it('sends the limit of the address', async () => {
    const { status, headers } = await server.client.request('PUT', '/me/password');

    expect([status, headers.get('ratelimit-policy')]).toEqual([401, '"address";q=1000;w=900']);
  });
});
