// GET /auth/verify compared with a bare route of Nest on Fastify: requests a second, and processor time per request.
import autocannon from 'autocannon';
import { processorSeconds, residentMebibytes } from './process-usage.mjs';
import { inRounds, spread } from './rounds.mjs';
import { logIn, start, startLatchkey, stop } from './server.mjs';

const SECONDS = 4;
const CONNECTIONS = 50;

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
      subjects.push({
        name: `verify on ${kind}${way}`,
        server,
        url: `${server.url}/auth/verify`,
        headers: { 'X-Auth-Token': await logIn(server.url) },
      });
    }
  }
  try {
    return describe(subjects, await inRounds(subjects, rounds, measure));
  } finally {
    await Promise.all(subjects.map(({ server }) => stop(server)));
  }
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
  return subjects.map(({ name }, index) => {
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
      'p99 ms': column(index, 'p99').median,
      MiB: column(index, 'memory').maximum,
    };
  });
}

function round(value) {
  return Math.round(value * 10) / 10;
}
