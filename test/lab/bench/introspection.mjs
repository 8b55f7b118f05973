// POST /auth/introspect for a cached token, compared with GET /auth/verify of the same token in the same round: requests per
// second, and processor time per request. The 99th percentile is also measured at a fixed rate on 600 connections.
import { load } from './load.mjs';
import { inRounds, spread } from './rounds.mjs';
import { logIn, startLatchkey, stop } from './server.mjs';

const SECONDS = 4;
/** Requests per second on many connections. At full load, their latency is only the reciprocal of the throughput. */
const FIXED = { connections: 600, overallRate: 5_000 };

/** Returns a row for each subject. */
export async function measureIntrospection({ rounds, databases }) {
  const subjects = [];
  for (const [kind, newDatabase] of Object.entries(databases)) {
    const server = await startLatchkey({ DATABASE_URL: await newDatabase() });
    const headers = { 'X-Auth-Token': await logIn(server.url) };
    const response = await fetch(`${server.url}/me/tokens`, { method: 'POST', headers });
    const { token } = await response.json();
    const verify = {
      name: `verify on ${kind}`,
      server,
      request: { url: `${server.url}/auth/verify`, headers },
    };
    const introspect = {
      name: `introspect on ${kind}`,
      server,
      request: {
        url: `${server.url}/auth/introspect`,
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' },
        body: `token=${token}`,
      },
      comparedWith: verify,
    };
    const name = `${introspect.name}, ${FIXED.overallRate}/s on ${FIXED.connections} connections`;
    const request = { ...introspect.request, ...FIXED };
    subjects.push(verify, introspect, { ...introspect, name, request });
  }
  try {
    return describe(
      subjects,
      await inRounds(subjects, rounds, ({ server, request }) => load(server.child, request, SECONDS)),
    );
  } finally {
    await Promise.all([...new Set(subjects.map(({ server }) => server))].map(stop));
  }
}

function describe(subjects, results) {
  return subjects.map(({ name, comparedWith }, index) => {
    const median = (values) => spread(values).median;
    const others = comparedWith && results[subjects.indexOf(comparedWith)];
    const processor = results[index].map((result) => result.processor);
    return {
      subject: name,
      'req/s': Math.round(median(results[index].map(({ rate }) => rate))),
      'µs per request': Math.round(median(processor)),
      // Regardless of other processes that share the processor.
      'req/s of a core': Math.round(1e6 / median(processor)),
      ...(others && {
        'µs vs. verify': `${Math.round(100 * median(processor.map((one, round) => one / others[round].processor)))} %`,
      }),
      'p99 ms': median(results[index].map(({ p99 }) => p99)),
    };
  });
}
