// Duration of searches in a long audit trail, and the server's processor time for them.
import { addManyEntries } from './fill-database.mjs';
import { processorSeconds } from './process-usage.mjs';
import { logIn, startLatchkey, stop } from './server.mjs';

const ENTRIES = Number(process.env.BENCH_ENTRIES ?? 1_000_000);
const DAY = 86_400_000;
const ago = (days) => new Date(Date.now() - days * DAY).toISOString();

/** Returns the id of a user, an entry or a trace as in test/support/many-entries.sql. */
const idOf = (number, kind = 0) => `0190000${kind}-0000-7000-8000-${100_000_000_000 + number}`;
const CURSOR = `cursor=${Buffer.from('before:500').toString('base64url')}`;
const QUERIES = [
  '',
  CURSOR,
  `after=${idOf(300, 1)}`,
  'actor=admin',
  `actor=${idOf(17)}`,
  'actor=nobody',
  'subject=user-17',
  'subject=bulk',
  `subject=admin&${CURSOR}`,
  'action=role_deleted',
  'outcome=success',
  'address=10.0.3.33',
  `traceId=${idOf(ENTRIES / 2, 2)}`,
  `from=${ago(300)}&to=${ago(299)}`,
  `actor=admin&from=${ago(300)}&to=${ago(299)}`,
  'subject=user-17&action=role_created',
  'subject=user-17&actor=user-18',
  'subject=user-17&outcome=failure',
  'subject=admin&action=role_created',
  'actor=user-17&action=user_updated',
  'actor=user-17&address=192.0.2.1',
  'outcome=success&action=role_deleted',
  'actor=admin&outcome=failure',
  'address=192.0.2.1&outcome=failure',
  'address=192.0.2.1&action=authn_logout',
];

/** Returns a row for each database and query. */
export async function measureAuditSearch({ rounds, databases }) {
  const rows = [];
  for (const [kind, newDatabase] of Object.entries(databases)) {
    const server = await startLatchkey({
      DATABASE_URL: await newDatabase(),
      LATCHKEY_AUDIT_RETENTION_DAYS: '0',
      LATCHKEY_STATEMENT_TIMEOUT_MS: '60000',
    });
    try {
      await addManyEntries(server.databaseUrl, ENTRIES);
      const token = await logIn(server.url);
      for (const query of QUERIES) {
        rows.push({ database: kind, ...(await measure(server, token, query, rounds)) });
      }
      process.stderr.write(`  ${kind}\n`);
    } finally {
      await stop(server);
    }
  }
  return rows;
}

async function measure({ url, child }, token, query, rounds) {
  const address = `${url}/audit-events?${query}`;
  const found = (await search(address, token)).items.length;
  const before = processorSeconds(child);
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const begin = performance.now();
    await search(address, token);
    best = Math.min(best, performance.now() - begin);
  }
  const after = processorSeconds(child);
  const processor = after.own + after.system - before.own - before.system;
  return {
    query: query || '(no filter)',
    found,
    ms: Math.round(best),
    'processor ms': Math.round(Math.max(0, (processor * 1_000) / rounds)),
  };
}

async function search(address, token) {
  const response = await fetch(address, { headers: { 'X-Auth-Token': token } });
  if (!response.ok) {
    throw new Error(`${address} returned ${response.status}: ${await response.text()}`);
  }
  return response.json();
}
