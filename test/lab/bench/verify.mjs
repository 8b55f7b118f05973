// GET /auth/verify compared with node:http without a framework, with a bare route of Nest on Fastify, and with the same request
// without demanded permissions: requests per second, and processor time per request. Each ratio compares results of the same round.
import { load } from './load.mjs';
import { inRounds, spread } from './rounds.mjs';
import { logIn, start, startLatchkey, stop } from './server.mjs';

const SECONDS = 4;
const FORWARDED = { 'X-Forwarded-For': '203.0.113.7', 'X-Forwarded-Proto': 'https' };
const DEMANDED = ['orders:read', 'orders:write', 'orders:delete'];

/** Returns a row for each subject. */
export async function measureVerify({ rounds, databases }) {
  const subjects = [];
  for (const [name, script] of [
    ['bare node:http', 'test/lab/bench/bare-http.mjs'],
    ['bare route of Nest', 'test/lab/bench/bare-server.mjs'],
  ]) {
    const server = await start(script, '/bare', {});
    subjects.push({ name, server, url: `${server.url}/bare`, headers: {} });
  }
  for (const [kind, newDatabase] of Object.entries(databases)) {
    for (const [way, environment] of [
      ['', {}],
      [' behind a proxy', { LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' }],
      [', without the cache', { LATCHKEY_TOKEN_CACHE_SECONDS: '0' }],
    ]) {
      const server = await startLatchkey({ DATABASE_URL: await newDatabase(), ...environment });
      const subject = {
        name: `verify on ${kind}${way}`,
        server,
        url: `${server.url}/auth/verify`,
        headers: {
          'X-Auth-Token': await createToken(server.url),
          ...(way === ' behind a proxy' && FORWARDED),
        },
      };
      subjects.push(subject);
      if (way === '') {
        const query = DEMANDED.map((name) => `permission=${name}`).join('&');
        const name = `${subject.name}, three permissions`;
        subjects.push({ ...subject, name, url: `${subject.url}?${query}`, comparedWith: subject });
      }
    }
  }
  try {
    return describe(
      subjects,
      await inRounds(subjects, rounds, ({ server, url, headers }) =>
        load(server.child, { url, headers }, SECONDS),
      ),
    );
  } finally {
    await Promise.all([...new Set(subjects.map(({ server }) => server))].map(stop));
  }
}

/** Creates a token that conveys the demanded permissions. */
async function createToken(url) {
  const admin = await logIn(url);
  const post = async (path, body) => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'X-Auth-Token': admin, 'Content-Type': 'application/json', Accept: 'text/plain, */*;q=0.5' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${path}: ${text}`);
    }
    return text;
  };
  const permissions = DEMANDED.map((name) => ({ name, description: 'For this benchmark.' }));
  await post('/apis', { name: 'orders', permissions });
  await post('/roles', { name: 'orders', permissions: DEMANDED });
  await post('/users', { name: 'shop', kind: 'service', roles: ['orders'] });
  return post('/users/shop/tokens', {});
}

function describe(subjects, results) {
  const [http, nest] = results;
  return subjects.map(({ name, comparedWith }, index) => {
    const column = (key) => spread(results[index].map((result) => result[key]));
    const others = comparedWith && results[subjects.indexOf(comparedWith)];
    return {
      subject: name,
      'req/s': Math.round(column('rate').median),
      least: Math.round(column('rate').minimum),
      most: Math.round(column('rate').maximum),
      'rate vs. http': ratio('rate', results[index], http),
      'rate vs. Nest': ratio('rate', results[index], nest),
      'µs per request': round(column('processor').median),
      'µs in user mode': round(column('own').median),
      'µs vs. Nest': ratio('processor', results[index], nest),
      'p99 ms': column('p99').median,
      'p99 vs. Nest': ratio('p99', results[index], nest),
      ...(others && {
        'rate vs. no permissions': ratio('rate', results[index], others),
        'µs vs. no permissions': ratio('processor', results[index], others),
      }),
      MiB: column('memory').maximum,
    };
  });
}

/** Returns the median ratio of results to others of the same round. */
function ratio(key, results, others) {
  const ratios = results.map((result, index) => result[key] / others[index][key]);
  return `${round(100 * spread(ratios).median)} %`;
}

function round(value) {
  return Math.round(value * 10) / 10;
}
