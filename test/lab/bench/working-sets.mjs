// Cost of a verification by number of tokens in use: a thousand of many, all of them, and all without the cache.
import { setTimeout as pause } from 'node:timers/promises';
import { addActiveTokens } from './active-tokens.mjs';
import { verifyAny, verifyEach } from './load.mjs';
import { residentMebibytes } from './process-usage.mjs';
import { inRounds, spread } from './rounds.mjs';
import { startLatchkey, stop } from './server.mjs';

const SIZES = [1_000, 100_000, 1_000_000];
/** Always fits into the cache. */
const FEW = 1_000;
/** Capacity of the cache. */
const REMEMBERED_MAX = 100_000;
const SECONDS = 4;
/** Time for garbage collection after the setup, and for writing last uses. */
const SETTLE_MILLISECONDS = 3_000;

/**
 * Returns a row for each database, number of tokens and access pattern.
 *
 * @param {{ rounds: number, databases: Record<string, () => Promise<string | undefined>> }} options `databases` create a new
 *   database and return its URL, or nothing for a file in the server's folder.
 */
export async function measureWorkingSets({ rounds, databases }) {
  const rows = [];
  for (const [kind, newDatabase] of Object.entries(databases)) {
    const servers = [];
    try {
      const subjects = [];
      for (const size of SIZES) {
        subjects.push(...(await startSubjects(size, newDatabase, servers)));
        process.stderr.write(`  ${kind} with ${size} tokens is ready\n`);
      }
      const results = await inRounds(subjects, rounds, ({ server, presented }) =>
        verifyAny(server, presented, SECONDS),
      );
      rows.push(...describe(kind, subjects, results));
    } finally {
      await Promise.all(servers.map(stop));
    }
  }
  return rows;
}

async function startSubjects(size, newDatabase, servers) {
  const begin = async (environment) => {
    const server = await startLatchkey({ DATABASE_URL: await newDatabase(), ...environment });
    servers.push(server);
    return { server, presented: await addActiveTokens(server.databaseUrl, size) };
  };
  const cached = await begin({ LATCHKEY_TOKEN_CACHE_SECONDS: '300' });
  const uncached = await begin({ LATCHKEY_TOKEN_CACHE_SECONDS: '0' });
  const idle = residentMebibytes(cached.server.child);
  await verifyEach(cached.server, cached.presented.slice(0, REMEMBERED_MAX));
  await pause(SETTLE_MILLISECONDS);
  const grown = residentMebibytes(cached.server.child) - idle;
  return [
    { size, grown, way: `${FEW} of them`, ...cached, presented: cached.presented.slice(0, FEW) },
    { size, grown, way: 'any of them', ...cached },
    { size, way: 'all, without the cache', ...uncached },
  ];
}

function describe(kind, subjects, results) {
  const median = (index, name) => spread(results[index].map((result) => result[name])).median;
  return subjects.map(({ size, way, grown }, index) => {
    const fewest = subjects.findIndex((subject) => subject.way === way);
    return {
      tokens: size.toLocaleString('en'),
      asked: `${way}, ${kind}`,
      'req/s': Math.round(median(index, 'rate')),
      'µs per request': Math.round(median(index, 'processor') * 10) / 10,
      'times the fewest': Math.round((100 * median(index, 'processor')) / median(fewest, 'processor')) / 100,
      'p99 ms': median(index, 'p99'),
      'MiB more once asked': grown,
    };
  });
}
