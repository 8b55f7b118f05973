import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { digestOf } from '../../apps/api/src/platform/crypto/secrets.js';
import { basic, tokenHeader } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { encodingsOf } from '../support/secrets.js';
import { ADMIN, TestServer } from '../support/test-server.js';

const WRONG_PASSWORD = 'a wrong but telling password';
const LOG_INS = 20;
/** Each case hashes, and sends six requests. */
const TIMEOUT = 180_000;
const SET_UP_SECRET = 'a-set-up-secret-nobody-has';

let server: TestServer;
let secrets: string[];
let tokens: string[];
let atRest: string;

beforeAll(async () => {
  server = await TestServer.start({ hasRealHashes: true });
  const { client } = server;
  const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  const user = newUser();
  await client.createUser(user, asAdmin);
  tokens = [];
  for (let round = 0; round < LOG_INS; round += 1) {
    const { body } = await client.login(user.name, PASSWORD, {
      headers: { Prefer: 'session-cookie', Accept: 'application/json' },
    });
    tokens.push(body.token ?? '');
    const headers = tokenHeader(body);
    await client.me(headers);
    await client.me({ Authorization: `Bearer ${body.token}` });
    await client.me({ 'X-Auth-Token': `${headers['X-Auth-Token']}!` });
    await client.session({ Cookie: `__Host-latchkey=${body.token}`, 'Sec-Fetch-Site': 'same-origin' });
    await client.request('GET', `/me?token=${body.token}`, { headers });
    await (round % 2 === 0 ? client.logout(headers) : client.bump(headers));
  }
  const made = (await client.createUserToken(user.name, asAdmin, { note: 'nightly' })).body;
  const rotated = (await client.rotateToken(made.id, asAdmin)).body.token ?? '';
  await client.introspect({ token: rotated }, asAdmin);
  const { link } = (await client.createSetUpLink(user.name, asAdmin)).body;
  const usedSetUpSecret = new URL(link).hash.slice(1);
  await client.login(user.name, WRONG_PASSWORD);
  await client.login(WRONG_PASSWORD, PASSWORD);
  await client.setUp({ secret: SET_UP_SECRET, password: PASSWORD });
  await client.setUp({ secret: SET_UP_SECRET, password: 'short' });

  await client.setUp({ secret: usedSetUpSecret, password: PASSWORD });

  secrets = [
    ...tokens,
    made.token ?? '',
    rotated,
    usedSetUpSecret,
    ...tokens.map((token) => tokenHeader({ user: user.name, token })['X-Auth-Token'] ?? ''),
    ADMIN.password,
    PASSWORD,
    WRONG_PASSWORD,
    SET_UP_SECRET,
    basic(ADMIN.name, ADMIN.password).slice('Basic '.length),
    basic(user.name, PASSWORD).slice('Basic '.length),
  ];
  atRest = await everythingAtRest();
}, TIMEOUT);

afterAll(() => server.remove());

/** Returns all bytes of the database and the files beside it. */
async function everythingAtRest(): Promise<string> {
  const { folder } = server.database;
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString('latin1'));
  return globalThis.DATABASE_KIND === 'postgres'
    ? files.concat(await everyRow()).join('\n')
    : files.join('\n');
}

async function everyRow(): Promise<string[]> {
  const tables = await server.database.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
  );
  const rows = await Promise.all(
    tables.map(({ name }) =>
      server.database.query<{ text: string }>(`SELECT t::text AS text FROM "${name}" t`),
    ),
  );
  return rows.flat().map(({ text }) => Buffer.from(text).toString('latin1'));
}

// Covers B9 in docs/explanation/security.md.
describe('the database and its files', () => {
  it('include the logins of this test', () => {
    expect(tokens.filter((token) => !atRest.includes(digestOf(token)))).toEqual([]);
    expect(new Set(tokens).size).toBe(LOG_INS);
  });

  it('hold no token and no password, in any encoding', () => {
    expect(secrets.filter((secret) => encodingsOf(secret).some((text) => atRest.includes(text)))).toEqual([]);
  });

  it('hold no part of a token longer than its preview', () => {
    const parts = tokens.flatMap((token) => [token.slice(0, 10), token.slice(3, 11), token.slice(-8)]);

    expect(parts.filter((part) => atRest.includes(part))).toEqual([]);
  });

  it('hold passwords as argon2id only', () => {
    expect(new Set(atRest.match(/\$argon2\w*\$v=\d+\$[a-z0-9=,]+\$/g))).toEqual(
      new Set(['$argon2id$v=19$m=19456,t=2,p=1$']),
    );
  });
});

// Covers B9 in docs/explanation/security.md.
describe('the log', () => {
  it('includes the requests of this test', () => {
    expect(server.log).toContain('"path":"/auth/login"');
    expect(server.log).toContain('"path":"/me"');
  });

  it('holds no token, password, digest or hash, in any encoding', () => {
    const { log } = server;
    const all = [...secrets, ...tokens.map(digestOf)];

    expect(all.filter((secret) => encodingsOf(secret).some((text) => log.includes(text)))).toEqual([]);
    expect(log).not.toContain('$argon2');
  });

  it('has one JSON object per line', () => {
    const lines = server.log.trimEnd().split('\n');

    expect(lines.filter((line) => !isJson(line))).toEqual([]);
  });
});

function isJson(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}
