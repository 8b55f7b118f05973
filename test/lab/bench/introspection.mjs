// POST /auth/introspect of a cached token, compared with GET /auth/verify of the same token, and with the
// client authentication of OAuth.
import { load } from './measure.mjs';
import { logIn, send } from './server.mjs';

/** At full load, the latency is only the reciprocal of the throughput. */
const FIXED = { connections: 600, overallRate: 4_500 };

export async function subjectsOf(servers) {
  const subjects = [];
  for (const [database, start] of await servers.onEachDatabase()) {
    const { child, url } = await start();
    const admin = await logIn(url);
    const headers = { 'X-Auth-Token': admin };
    const { token } = await send(url, admin, 'POST', '/me/tokens', {});
    const request = {
      url: `${url}/auth/introspect`,
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: `token=${token}`,
    };
    const verify = {
      name: `verify on ${database}`,
      measure: () => load(child, { url: `${url}/auth/verify`, headers }),
    };
    const introspect = {
      name: `introspect on ${database}`,
      comparedWith: verify,
      measure: () => load(child, request),
    };
    const asClient = { ...request.headers, Authorization: `Basic ${basicOf(admin, token)}` };
    delete asClient['X-Auth-Token'];
    subjects.push(verify, introspect, {
      name: `introspect on ${database}, client_secret_basic`,
      comparedWith: introspect,
      measure: () => load(child, { ...request, headers: asClient }),
    });
    subjects.push({
      name: `${introspect.name}, ${FIXED.overallRate}/s on ${FIXED.connections} connections`,
      measure: () => load(child, { ...request, ...FIXED }),
    });
  }
  return subjects;
}

/** Returns the client id and secret for a token of the user in a value of `X-Auth-Token`. */
function basicOf(xAuthToken, token) {
  const [name] = Buffer.from(xAuthToken, 'base64').toString().split(':', 1);
  return Buffer.from(`${name}:${token}`).toString('base64');
}
