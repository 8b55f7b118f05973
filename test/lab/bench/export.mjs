// Exports of BENCH_ROWS tokens.
import { fillDatabase } from './fill-database.mjs';
import { processorSeconds, residentMebibytes } from './measure.mjs';
import { logIn } from './server.mjs';

const EVERY_STATE = 'state=active,expiring,pending,expired,disabled,revoked';
const EXPORTS = [
  ['application/x-ndjson', '-creationTime'],
  ['text/csv', '-creationTime'],
  ['application/x-ndjson', 'note'],
];
const LINE_FEED = 10;

export async function subjectsOf(servers) {
  const subjects = [];
  for (const [database, start] of await servers.onEachDatabase()) {
    const server = await start();
    await fillDatabase(server.databaseUrl);
    const token = await logIn(server.url);
    for (const [type, sort] of EXPORTS) {
      subjects.push({
        name: `${type} in order of ${sort}, ${database}`,
        measure: () => exportAll(server, token, type, sort),
      });
    }
  }
  return subjects;
}

async function exportAll({ url, child }, token, type, sort) {
  const memory = residentMebibytes(child);
  const before = processorSeconds(child);
  const start = performance.now();
  const response = await fetch(`${url}/tokens?${EVERY_STATE}&sort=${sort}`, {
    headers: { 'X-Auth-Token': token, Accept: type },
  });
  let rows = 0;
  let peak = memory;
  for await (const chunk of response.body) {
    rows += chunk.reduce((count, byte) => count + Number(byte === LINE_FEED), 0);
    peak = Math.max(peak, residentMebibytes(child));
  }
  return {
    'rows per second': (rows * 1_000) / (performance.now() - start),
    'rows per second of processor': rows / (processorSeconds(child) - before),
    'MiB of growth': peak - memory,
  };
}
