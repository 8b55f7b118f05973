// GET /auth/verify compared with a bare route of Nest on Fastify, and with the same request without demanded permissions:
// requests a second, and processor time per request.
import autocannon from 'autocannon';
import { processorSeconds, residentMebibytes } from './process-usage.mjs';
import { inRounds, spread } from './rounds.mjs';
import { logIn, start, startLatchkey, stop } from './server.mjs';

const SECONDS = 4;
const CONNECTIONS = 50;
const DEMANDED = ['orders:read', 'orders:write', 'orders:delete'];

/** Returns a row for each subject. */
export async function measureVerify({ rounds, databases }) {
  const bare = await start('test/lab/bench/bare-server.mjs', '/bare', {});
  const subjects = [{ name: 'bare route', server: bare, url: `${bare.url}/bare`, headers: {} }];
  for (const [kind, newDatabase] of Object.entries(databases)) {
    for (const [way, environment] of [
      ['', {}],
      [', without the cache', { LATCHKEY_TOKEN_CACHE_SECONDS: '0' }],
    ]) {
      const server = await startLatchkey({ DATABASE_URL: await newDatabase(), ...environment });
      const subject = {
        name: `verify on ${kind}${way}`,
        server,
        url: `${server.url}/auth/verify`,
        headers: { 'X-Auth-Token': await createToken(server.url) },
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
    return describe(subjects, await inRounds(subjects, rounds, measure));
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

async function measure({ name, server, url, headers }) {
  const before = processorSeconds(server.child);
  const { requests, latency, non2xx } = await autocannon({
    url,
    headers,
    connections: CONNECTIONS,
    duration: SECONDS,
  });
  const after = processorSeconds(server.child);
  if (non2xx > 0) {
    throw new Error(`${name}: ${non2xx} responses were not 2xx`);
  }
  const own = ((after.own - before.own) * 1e6) / requests.total;
  return {
    rate: requests.average,
    own,
    whole: own + ((after.system - before.system) * 1e6) / requests.total,
    p99: latency.p99,
    memory: residentMebibytes(server.child),
  };
}

function describe(subjects, results) {
  const column = (index, name) => spread(results[index].map((result) => result[name]));
  return subjects.map(({ name, comparedWith }, index) => {
    const rate = column(index, 'rate');
    const whole = column(index, 'whole');
    return {
      subject: name,
      'req/s': Math.round(rate.median),
      least: Math.round(rate.minimum),
      most: Math.round(rate.maximum),
      'of bare': `${Math.round((100 * rate.median) / column(0, 'rate').median)} %`,
      'µs a request': round(whole.median),
      'of these own': round(column(index, 'own').median),
      'times bare': round(whole.median / column(0, 'whole').median),
      ...(comparedWith && compare(results[index], results[subjects.indexOf(comparedWith)])),
      'p99 ms': column(index, 'p99').median,
      MiB: column(index, 'memory').maximum,
    };
  });
}

/** Returns the median ratios of results to others of the same round. */
function compare(results, others) {
  const ratio = (name) =>
    `${round(100 * spread(results.map((result, index) => result[name] / others[index][name])).median)} %`;
  return { 'rate of without': ratio('rate'), 'processor time of without': ratio('whole') };
}

function round(value) {
  return Math.round(value * 10) / 10;
}
