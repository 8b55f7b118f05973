// Durations of requests that read permissions, with 10,000 permissions in 200 APIs and users who hold 500 of them.
import { spread } from './rounds.mjs';
import { logIn, startLatchkey, stop } from './server.mjs';

const APIS = 200;
const PERMISSIONS_PER_API = 50;
/** A role has at most 200 permissions. */
const PERMISSIONS_OF_ROLES = [200, 200, 100];
const READS_PER_ROUND = 20;
/** Each is a user with a role of its own, so that its first verification parses all permissions. */
const USERS = 20;

/** Returns a row for each request and database. */
export async function measurePermissions({ rounds, databases }) {
  const rows = [];
  for (const [kind, newDatabase] of Object.entries(databases)) {
    const server = await startLatchkey({ DATABASE_URL: await newDatabase() });
    try {
      const admin = await logIn(server.url);
      const send = sender(server.url, admin);
      const tokens = await fill(send);
      const requests = {
        'GET /apis, first page of 50': () => send('GET', '/apis?size=50'),
        'GET /apis, all in pages of 200': async () => {
          await send('GET', '/apis?size=200');
          await send('GET', '/apis?size=200&page=2');
        },
        'GET /apis, search': () => send('GET', '/apis?q=api-199:act-49'),
        'GET /apis/{name}': () => send('GET', '/apis/api-100'),
        'GET /apis/{name}/usage': () => send('GET', '/apis/api-0/usage'),
        'GET /roles, first page of 50': () => send('GET', '/roles?size=50'),
        'GET /roles/{name}': () => send('GET', '/roles/shared-0'),
        'GET /users of a role': () => send('GET', '/users?role=shared-0'),
        'GET /users/{name}': () => send('GET', '/users/user-0'),
      };
      const verify = (token) =>
        sender(server.url, token)(
          'GET',
          '/auth/verify?permission=api-0:act-0&permission=api-9:act-49&api=api-9',
        );
      const first = [];
      for (const token of tokens) {
        first.push(await timed(() => verify(token)));
      }
      rows.push(row(kind, 'GET /auth/verify, first of a user', first, 100));
      for (const [name, request] of Object.entries(requests)) {
        const times = [];
        for (let count = 0; count < rounds * READS_PER_ROUND; count += 1) {
          times.push(await timed(request));
        }
        rows.push(row(kind, name, times, 200));
      }
      const warm = [];
      for (let count = 0; count < rounds * READS_PER_ROUND; count += 1) {
        warm.push(await timed(() => verify(tokens[count % tokens.length])));
      }
      rows.push(row(kind, 'GET /auth/verify, cached', warm, 100));
    } finally {
      await stop(server);
    }
  }
  return rows;
}

/** Creates the APIs, the roles and the users, and returns a token of each user. */
async function fill(send) {
  const all = [];
  for (let api = 0; api < APIS; api += 1) {
    const permissions = Array.from({ length: PERMISSIONS_PER_API }, (_, index) => ({
      name: `api-${api}:act-${index}`,
      description: `Act ${index} at the API ${api}, for this benchmark.`,
    }));
    await send('POST', '/apis', { name: `api-${api}`, permissions });
    all.push(...permissions.map(({ name }) => name));
  }
  let used = 0;
  for (const [index, count] of PERMISSIONS_OF_ROLES.entries()) {
    await send('POST', '/roles', { name: `shared-${index}`, permissions: all.slice(used, used + count) });
    used += count;
  }
  const shared = PERMISSIONS_OF_ROLES.map((_, index) => `shared-${index}`);
  const tokens = [];
  for (let user = 0; user < USERS; user += 1) {
    await send('POST', '/roles', { name: `own-${user}`, permissions: [] });
    const roles = [...shared, `own-${user}`];
    await send('POST', '/users', { name: `user-${user}`, kind: 'service', roles });
    tokens.push(await send('POST', `/users/user-${user}/tokens`, {}));
  }
  return tokens;
}

/** Returns a function that sends a request and returns the text of the response. */
function sender(url, token) {
  return async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        'X-Auth-Token': token,
        Accept: path.endsWith('/tokens') ? 'text/plain' : '*/*',
        ...(body && { 'Content-Type': 'application/json' }),
      },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${text}`);
    }
    return text;
  };
}

async function timed(act) {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

function row(kind, request, times, goal) {
  const { median, maximum } = spread(times);
  return { database: kind, request, 'median ms': round(median), 'most ms': round(maximum), 'goal ms': goal };
}

function round(value) {
  return Math.round(value * 10) / 10;
}
