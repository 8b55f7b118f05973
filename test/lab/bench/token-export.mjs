// Exports of many tokens: rows per second of time and of the server's processor time, and the growth of its memory.
import { addManyTokens } from './fill-database.mjs';
import { processorSeconds, residentMebibytes } from './process-usage.mjs';
import { spread } from './rounds.mjs';
import { logIn, startLatchkey, stop } from './server.mjs';

const TOKENS = Number(process.env.BENCH_TOKENS ?? 100_000);
const EVERY_STATE = 'state=active,expiring,pending,expired,disabled,revoked';
const LINE_FEED = 10;

/** Returns a row for each database, format and order. */
export async function measureExport({ rounds, databases }) {
  const rows = [];
  for (const [kind, newDatabase] of Object.entries(databases)) {
    const server = await startLatchkey({ DATABASE_URL: await newDatabase() });
    try {
      await addManyTokens(server.databaseUrl, TOKENS);
      const token = await logIn(server.url);
      for (const [type, sort] of [
        ['application/x-ndjson', '-creationTime'],
        ['text/csv', '-creationTime'],
        ['application/x-ndjson', 'note'],
      ]) {
        const results = [];
        for (let round = 0; round < rounds; round += 1) {
          results.push(await exportAll(server, token, type, sort));
        }
        rows.push(describe(kind, type, sort, results));
      }
      process.stderr.write(`  ${kind}\n`);
    } finally {
      await stop(server);
    }
  }
  return rows;
}

async function exportAll({ url, child }, token, type, sort) {
  const memory = residentMebibytes(child);
  const before = processorSeconds(child);
  const begin = performance.now();
  const response = await fetch(`${url}/tokens?${EVERY_STATE}&sort=${sort}`, {
    headers: { 'X-Auth-Token': token, Accept: type },
  });
  let lines = 0;
  let peak = memory;
  for await (const chunk of response.body) {
    lines += chunk.reduce((count, byte) => count + Number(byte === LINE_FEED), 0);
    peak = Math.max(peak, residentMebibytes(child));
  }
  const seconds = (performance.now() - begin) / 1_000;
  const after = processorSeconds(child);
  const processor = after.own + after.system - before.own - before.system;
  return { lines, rate: lines / seconds, perProcessor: lines / processor, growth: peak - memory };
}

function describe(kind, type, sort, results) {
  const median = (name) => Math.round(spread(results.map((result) => result[name])).median);
  return {
    database: kind,
    type,
    sort,
    rows: median('lines'),
    'per second': median('rate'),
    'per processor second': median('perProcessor'),
    'MiB growth, first': results[0].growth,
    'MiB growth, last': results.at(-1).growth,
  };
}
