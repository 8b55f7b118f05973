// Inserts valid tokens directly into a database. Only this module knows their secrets.
import { randomUUID } from 'node:crypto';
import Sqlite from '#sqlite';
import pg from 'pg';
import {
  createTokenSecret,
  digestOf,
  previewOf,
} from '../../../dist/apps/api/src/platform/crypto/secrets.js';

const USERS = 1_000;
const BATCH = 5_000;

const INSERT_USER =
  'INSERT INTO users (id, name, kind, enabled, "tokensEndedBefore", "creationTime") VALUES ($id, $name, \'service\', TRUE, 0, $time)';
const INSERT_TOKEN =
  'INSERT INTO tokens (id, "userId", kind, preview, digest, enabled, "creationTime", "stampTime") VALUES ($id, $userId, \'api\', $preview, $digest, TRUE, $time, $time)';

/**
 * Inserts tokens into a migrated database.
 *
 * @param {string} url the DATABASE_URL of the server
 * @param {number} count
 * @returns {Promise<string[]>} one value of `X-Auth-Token` for each token
 */
export async function addActiveTokens(url, count) {
  const time = Date.now();
  const users = Array.from({ length: Math.min(USERS, count) }, (_, index) => ({
    id: randomUUID(),
    name: `service-${index}`,
    time,
  }));
  const presented = [];
  const database = open(url);
  try {
    await database.insert(INSERT_USER, users);
    for (let done = 0; done < count; done += BATCH) {
      const tokens = Array.from({ length: Math.min(BATCH, count - done) }, (_, index) => {
        const owner = users[(done + index) % users.length];
        const secret = createTokenSecret();
        presented.push(Buffer.from(`${owner.name}:${secret}`).toString('base64'));
        return {
          id: randomUUID(),
          userId: owner.id,
          preview: previewOf(secret),
          digest: digestOf(secret),
          time,
        };
      });
      await database.insert(INSERT_TOKEN, tokens);
    }
    await database.analyze();
  } finally {
    await database.close();
  }
  return presented;
}

function open(url) {
  return url.startsWith('sqlite:') ? openSqlite(url.slice('sqlite:'.length)) : openPostgres(url);
}

function openSqlite(file) {
  const database = new Sqlite(file, { timeout: 5_000 });
  return {
    insert: database.transaction((sql, rows) => {
      const statement = database.prepare(sql);
      rows.forEach((row) => statement.run(row));
    }),
    analyze: () => database.pragma('wal_checkpoint(TRUNCATE)'),
    close: () => database.close(),
  };
}

function openPostgres(url) {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  return {
    insert: (sql, rows) => {
      const names = Object.keys(rows[0]);
      const [, into] = /^(INSERT INTO .*) VALUES /.exec(sql);
      const values = /VALUES \((.*)\)$/.exec(sql)[1].replaceAll(/\$(\w+)/g, '"$1"');
      const columns = names.map((name) => `"${name}"`).join(', ');
      const arrays = names
        .map((name, index) => `$${index + 1}::${name === 'time' ? 'bigint' : 'text'}[]`)
        .join(', ');
      return pool.query(
        `${into} SELECT ${values} FROM unnest(${arrays}) AS given (${columns})`,
        names.map((name) => rows.map((row) => row[name])),
      );
    },
    analyze: () => pool.query('VACUUM ANALYZE tokens'),
    close: () => pool.end(),
  };
}
