// GET /auth/verify with one and two workers: processor time per request of all processes of the server, and the rate that it
// allows with a core for each worker. The load generator needs a core itself, so the measured rate is less useful.
import { load } from './load.mjs';
import { processIds } from './process-usage.mjs';
import { inRounds, spread } from './rounds.mjs';
import { logIn, startLatchkey, stop } from './server.mjs';

const SECONDS = 4;

/** Returns a row for each number of workers. */
export async function measureWorkers({ rounds, newDatabase, counts = [1, 2] }) {
  const subjects = [];
  try {
    for (const count of counts) {
      const server = await startLatchkey({
        DATABASE_URL: await newDatabase(),
        LATCHKEY_WORKERS: String(count),
      });
      const headers = { 'X-Auth-Token': await logIn(server.url) };
      subjects.push({ count, server, request: { url: `${server.url}/auth/verify`, headers } });
      await until(() => processIds(server.child).length === (count === 1 ? 1 : count + 1));
    }
    const measure = ({ server, request }) => load(server.child, request, SECONDS);
    return describe(subjects, await inRounds(subjects, rounds, measure));
  } finally {
    await Promise.all(subjects.map(({ server }) => stop(server)));
  }
}

async function until(condition) {
  while (!condition()) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function describe(subjects, results) {
  const column = (index, name) => spread(results[index].map((result) => result[name]));
  const possible = (index) => (subjects[index].count * 1e6) / column(index, 'processor').median;
  return subjects.map(({ count }, index) => ({
    workers: count,
    'µs per request': Math.round(column(index, 'processor').median * 10) / 10,
    'possible req/s': Math.round(possible(index)),
    'vs. one worker': `${Math.round((100 * possible(index)) / possible(0))} %`,
    'measured req/s': Math.round(column(index, 'rate').median),
    'p99 ms': column(index, 'p99').median,
    MiB: column(index, 'memory').maximum,
  }));
}
