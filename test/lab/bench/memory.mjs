// Memory of a server: idle, after many verifications of one token, and with a full cache of verified tokens.
import { randomUUID } from 'node:crypto';
import Sqlite from '#sqlite';
import autocannon from 'autocannon';
import {
  createTokenSecret,
  digestOf,
  previewOf,
} from '../../../dist/apps/api/src/platform/crypto/secrets.js';
import { idleUsage, residentMebibytes } from './measure.mjs';
import { logIn } from './server.mjs';

/** Capacity of the cache. */
const TOKENS = 100_000;
const CONNECTIONS = 50;
/** Time for garbage collection. */
const SECONDS = 2;

export function subjectsOf(servers) {
  return [{ name: 'SQLite', measure: () => measure(servers) }];
}

async function measure(servers) {
  const server = await servers.start();
  const { MiB: idle } = await idleUsage(server.child, SECONDS);
  await verifyAll(server.url, [await logIn(server.url)]);
  const used = residentMebibytes(server.child);
  await verifyAll(server.url, addTokens(server.databaseUrl));
  const { MiB: full } = await idleUsage(server.child, SECONDS);
  await servers.stop(server);
  return {
    'MiB idle': idle,
    [`MiB after ${TOKENS} verifications`]: used,
    [`MiB with ${TOKENS} cached tokens`]: full,
  };
}

/** Sends as many verifications as the cache has entries. */
async function verifyAll(url, tokens) {
  let next = 0;
  const { non2xx } = await autocannon({
    url: `${url}/auth/verify`,
    connections: CONNECTIONS,
    amount: TOKENS,
    setupClient: (client) => {
      const change = () => client.setHeaders({ 'X-Auth-Token': tokens[next++ % tokens.length] });
      change();
      client.on('response', change);
    },
  });
  if (non2xx > 0) {
    throw new Error(`${non2xx} responses were not 2xx`);
  }
}

/** Inserts tokens of one user and returns their values of `X-Auth-Token`. */
function addTokens(databaseUrl) {
  const database = new Sqlite(databaseUrl.slice('sqlite:'.length), { timeout: 5_000 });
  const now = Date.now();
  const userId = randomUUID();
  database
    .prepare(
      `INSERT INTO users (id, name, kind, enabled, "tokensRevokedBefore", "creationTime") VALUES (?, 'many', 'service', TRUE, 0, ?)`,
    )
    .run(userId, now);
  const insert = database.prepare(
    `INSERT INTO tokens (id, "userId", kind, preview, digest, enabled, "creationTime", "stamp") VALUES (?, ?, 'api', ?, ?, TRUE, ?, ?)`,
  );
  const add = () => {
    const secret = createTokenSecret();
    insert.run(randomUUID(), userId, previewOf(secret), digestOf(secret), now, now);
    return Buffer.from(`many:${secret}`).toString('base64');
  };
  const tokens = database.transaction(() => Array.from({ length: TOKENS }, add))();
  database.close();
  return tokens;
}
