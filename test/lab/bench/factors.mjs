// Logins with a second factor, and the times by which a client could tell rejected logins apart.
import { createCipheriv, createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import Sqlite from '#sqlite';
import pg from 'pg';
import { processorSeconds } from './measure.mjs';
import { PASSWORD } from './server.mjs';

/** Logins per figure, one after the other. */
const LOGINS = 100;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
/**
 * Users by name. Those with wrong secrets log in once, because delays start after five. The others log in in
 * each round, because the first login of a day writes more than later ones.
 */
const USERS = {
  plain: LOGINS,
  coded: LOGINS,
  asked: LOGINS,
  guessed: LOGINS * (ROUNDS + 1),
  wrong: LOGINS * (ROUNDS + 1),
};
const KEY = Buffer.alloc(32, 8);
const SECRET = Buffer.alloc(20, 1);
const STEP_MILLISECONDS = 30_000;

export async function subjectsOf(servers) {
  const subjects = [];
  for (const [database, start] of await servers.onEachDatabase()) {
    const server = await start({ LATCHKEY_SEAL_KEY: KEY.toString('base64') });
    await addUsers(server.databaseUrl);
    const subject = (name, expected, requestOf, comparedWith) => ({
      name: `${name} on ${database}`,
      comparedWith,
      measure: measureOf(server, expected, requestOf),
    });
    const plain = subject('login without a second factor', 200, (index) => [
      `plain-${index % LOGINS}`,
      PASSWORD,
    ]);
    const unknown = subject('unknown name', 401, (index) => [`none-${index}`, 'wrong']);
    subjects.push(
      plain,
      subject(
        'login with a code',
        200,
        (index) => [`coded-${index % LOGINS}`, PASSWORD, codeAt(Date.now())],
        plain,
      ),
      unknown,
      subject('wrong password', 401, (index) => [`guessed-${index}`, 'wrong'], unknown),
      subject('no code', 401, (index) => [`asked-${index % LOGINS}`, PASSWORD], unknown),
      subject('wrong code', 401, (index) => [`wrong-${index}`, PASSWORD, 'no code'], unknown),
    );
  }
  return subjects;
}

/** Returns a function that logs in one user after the other. */
function measureOf({ child, url, databaseUrl }, expected, requestOf) {
  let index = 0;
  return async () => {
    // So that the same code is accepted again.
    await execute(databaseUrl, 'UPDATE "second_factors" SET "lastStep" = 0');
    const before = processorSeconds(child);
    const times = [];
    for (const end = index + LOGINS; index < end; index += 1) {
      const [name, password, code] = requestOf(index);
      const headers = {
        Authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
        ...(code !== undefined && { 'X-Auth-OTP': code }),
      };
      const start = performance.now();
      const response = await fetch(`${url}/auth/login`, { method: 'POST', headers });
      await response.text();
      times.push(performance.now() - start);
      if (response.status !== expected) {
        throw new Error(`The login of ${name} returned ${response.status}`);
      }
    }
    times.sort((a, b) => a - b);
    return {
      'ms of processor': ((processorSeconds(child) - before) * 1_000) / LOGINS,
      'p50 ms': times[LOGINS / 2],
      'p99 ms': times[Math.floor(LOGINS * 0.99)],
    };
  };
}

async function execute(databaseUrl, sql) {
  const database = await open(databaseUrl);
  await database.query(sql);
  await database.close();
}

/** Adds copies of the administrator, without roles. */
async function addUsers(databaseUrl) {
  const database = await open(databaseUrl);
  const [admin] = await database.query('SELECT * FROM "users"');
  await database.query('BEGIN');
  for (const [kind, count] of Object.entries(USERS)) {
    for (let index = 0; index < count; index += 1) {
      const name = `${kind}-${index}`;
      const user = { ...admin, id: randomUUID(), name, skeleton: name };
      await database.insert('users', user);
      if (kind !== 'plain') {
        await database.insert('second_factors', factorOf(user.id));
      }
    }
  }
  await database.query('COMMIT');
  await database.close();
}

const open = (databaseUrl) =>
  databaseUrl.startsWith('sqlite:') ? openSqlite(databaseUrl) : openPostgres(databaseUrl);

function openSqlite(databaseUrl) {
  const database = new Sqlite(databaseUrl.slice('sqlite:'.length), { timeout: 5_000 });
  return {
    query: (sql) => (sql.startsWith('SELECT') ? database.prepare(sql).all() : database.exec(sql)),
    insert: (table, row) => database.prepare(insertInto(table, row, () => '?')).run(Object.values(row)),
    close: () => database.close(),
  };
}

async function openPostgres(databaseUrl) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  return {
    query: async (sql) => (await client.query(sql)).rows,
    insert: (table, row) =>
      client.query(
        insertInto(table, row, (index) => `$${index + 1}`),
        Object.values(row),
      ),
    close: () => client.end(),
  };
}

function insertInto(table, row, parameterAt) {
  const columns = Object.keys(row);
  return `INSERT INTO "${table}" (${columns.map((name) => `"${name}"`)}) VALUES (${columns.map((_, index) => parameterAt(index))})`;
}

function factorOf(userId) {
  const now = Date.now();
  return {
    id: randomUUID(),
    userId,
    kind: 'totp',
    sealedSecret: seal(userId),
    lastStep: 0,
    creationTime: now,
    confirmationTime: now,
  };
}

/** Encrypts the secret like the server. */
function seal(userId) {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', KEY, nonce).setAAD(Buffer.from(userId));
  const encrypted = Buffer.concat([cipher.update(SECRET), cipher.final()]);
  const keyId = createHash('sha256').update(KEY).digest('hex').slice(0, 16);
  return `${keyId}:${Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString('base64url')}`;
}

/** Returns the code of a time (RFC 6238). */
function codeAt(time) {
  const counter = Buffer.alloc(8);
  counter.writeUInt32BE(Math.floor(time / STEP_MILLISECONDS), 4);
  const mac = createHmac('sha1', SECRET).update(counter).digest();
  const number = mac.readUInt32BE(mac.at(-1) % 16) % 2 ** 31;
  return String(number % 1_000_000).padStart(6, '0');
}
