import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { basic, tokenHeader } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer({ hasRealHashes: true });
const asAdmin = useAdmin(server);

const make = async (name: string, password: string) => {
  const { status, body } = await server.client.createUser({ name, password }, asAdmin);
  expect(status).toBe(201);
  return body;
};

/** Characters without an order, from a code point on. */
const text = (length: number, from = 0x61): string => {
  const numbers = [...createHash('shake256', { outputLength: length }).update('a password').digest()];
  return numbers.map((number) => String.fromCodePoint(from + (number % 25))).join('');
};

// Requirement B5.
describe('POST /auth/login and spellings of a name', () => {
  it.each([
    ['as it is', 'admin'],
    ['in upper case', 'ADMIN'],
    ['in mixed case', 'aDmIn'],
    ['in full width', 'ａｄｍｉｎ'],
    ['in full-width upper case', 'ＡＤＭＩＮ'],
  ])('finds the same account %s', async (_, name) => {
    const { status, body } = await server.client.login(name, ADMIN.password);

    expect([status, body.user]).toEqual([200, 'admin']);
  });

  it.each([
    ['composed', 'jürgen'.normalize('NFC')],
    ['decomposed', 'jürgen'.normalize('NFD')],
    ['decomposed upper case', 'JÜRGEN'.normalize('NFD')],
  ])('finds the same account with an umlaut %s', async (spelling, name) => {
    await server.client.createUser({ name: 'Jürgen', password: PASSWORD }, asAdmin);

    const { status, body } = await server.client.login(name, PASSWORD);

    expect([spelling, status, body.user]).toEqual([spelling, 200, 'jürgen'.normalize('NFC')]);
  });

  it.each(['暗号', 'ä', 'анна', 'anne.o+tag@example.org'])('accepts the name %s', async (name) => {
    await make(name, PASSWORD);

    const { body } = await server.client.login(name, PASSWORD);

    expect(body.user).toBe(name);
    expect((await server.client.me(tokenHeader(body))).body.name).toBe(name);
  });

  it('returns a plain-text token that works for a name beyond ASCII', async () => {
    await make('пётр', PASSWORD);

    const { text } = await server.client.login('ПЁТР', PASSWORD, { headers: { Accept: 'text/plain' } });

    expect((await server.client.me({ 'X-Auth-Token': text })).body.name).toBe('пётр');
  });

  it('returns a token that works with its name in another spelling', async () => {
    const { body } = await server.client.login('admin', ADMIN.password);

    expect((await server.client.me(tokenHeader({ user: 'ＡＤＭＩＮ', token: body.token }))).status).toBe(200);
  });
});

// Requirement B3.
describe('POST /auth/login and passwords', () => {
  it.each([
    ['a colon', 'colon:in:the:middle'],
    ['spaces at both ends', '  spaces at both ends  '],
    ['an umlaut, ideographs and a colon', 'bättery: 暗号 staple'],
    ['a letter outside the basic plane', 'correct horse 🐎 staple'],
    ['100 characters', 'x'.repeat(99) + 'y'],
  ])('accepts a password with %s', async (_, password) => {
    const user = newUser({ password });
    await make(user.name, password);

    expect((await server.client.login(user.name, password)).status).toBe(200);
    expect((await server.client.login(user.name, `${password}.`)).status).toBe(401);
    expect((await server.client.login(user.name, password.slice(0, -1))).status).toBe(401);
  });

  it.each([
    ['NFC', 'NFD'],
    ['NFD', 'NFC'],
  ] as const)('accepts a password set in %s and sent in %s', async (set, given) => {
    const user = newUser();
    await make(user.name, 'ünpässlich wörter'.normalize(set));

    expect((await server.client.login(user.name, 'ünpässlich wörter'.normalize(given))).status).toBe(200);
  });

  it.each([
    ['trimmed', 'A Padded Password'],
    ['in lower case', ' a padded password '],
  ])('returns 401 for a password that is only right when %s', async (_, given) => {
    const user = newUser();
    await make(user.name, ' A Padded Password ');

    expect((await server.client.login(user.name, given)).status).toBe(401);
  });

  it.each([
    ['byte 73', 72, text(100)],
    ['byte 73, in letters of two bytes', 36, text(40, 0x400)],
    ['character 200', 199, text(256)],
    ['the last of 256 characters of four bytes', 255, text(256, 0x1f300)],
  ])('detects a difference at %s', async (_, at, password) => {
    const user = newUser();
    await make(user.name, password);
    const characters = [...password];
    const other = [...characters.slice(0, at), 'z', ...characters.slice(at + 1)].join('');

    expect((await server.client.login(user.name, password)).status).toBe(200);
    expect((await server.client.login(user.name, other)).status).toBe(401);
  });

  it('returns the same 401 for more than 1,024 bytes as for a wrong password, whether or not the user exists', async () => {
    const long = 'ä'.repeat(513);

    const [wrong, known, unknown] = await Promise.all([
      server.client.login(ADMIN.name, 'a wrong password'),
      server.client.login(ADMIN.name, long),
      server.client.login('nobody', long),
    ]);

    const told = ({ status, body: { traceId: _, ...problem } }: typeof wrong) => ({ status, problem });
    expect(told(known)).toEqual(told(wrong));
    expect(told(unknown)).toEqual(told(wrong));
    expect([...known.headers.keys()].sort()).toEqual([...unknown.headers.keys()].sort());
  });

  it('returns 401 for a password that is right up to a NUL', async () => {
    const headers = { Authorization: basic(ADMIN.name, `${ADMIN.password}\0`) };

    expect((await server.client.request('POST', '/auth/login', { headers })).status).toBe(401);
  });
});

// Requirement B1.
describe('the stored password hash', () => {
  it('is argon2id, salted, at the documented cost', async () => {
    await make(newUser().name, PASSWORD);
    await make(newUser().name, PASSWORD);

    const rows = await server.database.query<{ passwordHash: string }>(
      'SELECT "passwordHash" FROM users WHERE "passwordHash" IS NOT NULL',
    );

    const hashes = rows.map(({ passwordHash }) => passwordHash);
    // 22 digits of base64 are 16 bytes of salt.
    const form = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22,}\$[A-Za-z0-9+/]{43}$/;
    expect(hashes.filter((hash) => !form.test(hash))).toEqual([]);
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
