// GET /auth/verify with one and two workers: processor time per request of all processes of the server, and the rate that it
// allows with a core for each worker. The load generator needs a core itself, so the measured rate is less useful.
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';
import { processorSeconds, residentMebibytes } from './process-usage.mjs';
import { inRounds, spread } from './rounds.mjs';
import { logIn, startLatchkey, stop } from './server.mjs';

const SECONDS = 4;
const CONNECTIONS = 50;

/** Returns a row for each number of workers. */
export async function measureWorkers({ rounds, newDatabase, counts = [1, 2] }) {
  const subjects = [];
  try {
    for (const count of counts) {
      const server = await startLatchkey({
        DATABASE_URL: await newDatabase(),
        LATCHKEY_WORKERS: String(count),
      });
      subjects.push({ count, server, headers: { 'X-Auth-Token': await logIn(server.url) } });
      await until(() => processesOf(server).length === (count === 1 ? 1 : count + 1));
    }
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

/** Returns the process of a server and those of its workers. */
function processesOf({ child: { pid } }) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return [pid, ...(children === '' ? [] : children.split(' '))].map((id) => ({ pid: Number(id) }));
}

function usedSeconds(server) {
  return processesOf(server)
    .map((one) => processorSeconds(one))
    .reduce((sum, { own, system }) => sum + own + system, 0);
}

async function measure({ server, headers }) {
  const before = usedSeconds(server);
  const { requests, latency, non2xx } = await autocannon({
    url: `${server.url}/auth/verify`,
    headers,
    connections: CONNECTIONS,
    duration: SECONDS,
  });
  const used = usedSeconds(server) - before;
  if (non2xx > 0) {
    throw new Error(`${non2xx} responses were not 2xx`);
  }
  return {
    rate: requests.average,
    processor: (used * 1e6) / requests.total,
    p99: latency.p99,
    memory: processesOf(server)
      .map((one) => residentMebibytes(one))
      .reduce((sum, one) => sum + one, 0),
  };
}

function describe(subjects, results) {
  const column = (index, name) => spread(results[index].map((result) => result[name]));
  const possible = (index) => (subjects[index].count * 1e6) / column(index, 'processor').median;
  return subjects.map(({ count }, index) => ({
    workers: count,
    'µs a request': Math.round(column(index, 'processor').median * 10) / 10,
    'possible req/s': Math.round(possible(index)),
    'vs. one worker': `${Math.round((100 * possible(index)) / possible(0))} %`,
    'measured req/s': Math.round(column(index, 'rate').median),
    'p99 ms': column(index, 'p99').median,
    MiB: column(index, 'memory').maximum,
  }));
}
