// GET /auth/verify of a cached token, compared with a bare route of Nest on Fastify. Also with required
// permissions, without the cache, with two workers, and a token that the server rejects.
import { load } from './measure.mjs';
import { logIn, send } from './server.mjs';

const PERMISSIONS = ['orders:read', 'orders:write', 'orders:delete'];
const WAYS = [
  ['', {}],
  [', without the cache', { LATCHKEY_TOKEN_CACHE_SECONDS: '0' }],
];

export async function subjectsOf(servers) {
  const { child, url } = await servers.startScript('test/lab/bench/bare-server.mjs');
  const bare = { name: 'bare route of Nest', measure: () => load(child, { url }) };
  const subjects = [bare];
  for (const [database, start] of await servers.onEachDatabase()) {
    for (const [way, environment] of WAYS) {
      const server = await start(environment);
      const headers = { 'X-Auth-Token': await createToken(server.url) };
      const request = { url: `${server.url}/auth/verify`, headers };
      const cached = {
        name: `${database}${way}`,
        comparedWith: bare,
        measure: () => load(server.child, request),
      };
      subjects.push(cached);
      if (way === '') {
        const query = PERMISSIONS.map((name) => `permission=${name}`).join('&');
        subjects.push({
          name: `${database}, ${PERMISSIONS.length} permissions`,
          comparedWith: cached,
          measure: () => load(server.child, { ...request, url: `${request.url}?${query}` }),
        });
      }
    }
  }
  return subjects;
}

/** Creates a token with the permissions. */
async function createToken(url) {
  const admin = await logIn(url);
  const permissions = PERMISSIONS.map((name) => ({ name, description: 'For this benchmark.' }));
  await send(url, admin, 'POST', '/apis', { name: 'orders', permissions });
  await send(url, admin, 'POST', '/roles', { name: 'orders', permissions: PERMISSIONS });
  await send(url, admin, 'POST', '/users', { name: 'shop', kind: 'service', roles: ['orders'] });
  const { token } = await send(url, admin, 'POST', '/users/shop/tokens', {});
  return Buffer.from(`shop:${token}`).toString('base64');
}
