import { Buffer } from 'node:buffer';
import { pbkdf2Sync, scryptSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hash as argon2 } from '@node-rs/argon2';
import { hash as bcrypt } from '@node-rs/bcrypt';
import { type ApiClient } from '../support/api-client.js';
import { ADMIN } from '../support/factories.js';
import { Installation } from '../support/installation.js';

const PASSWORD = 'käse, brot: & wein';

interface Summary {
  isDryRun: boolean;
  imported: number;
  skipped: number;
  problems: { line: number; message: string }[];
}

let installation: Installation;
let client: ApiClient;

beforeAll(async () => {
  installation = await Installation.open();
  client = await installation.running();
});

afterAll(() => installation.close());

/** Writes a file of users and returns its path. */
function fileOf(name: string, content: string | Buffer): string {
  const path = join(installation.folder, name);
  writeFileSync(path, content);
  return path;
}

const phc = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');

const hashOf = (name: string) =>
  installation.database
    .query<{ passwordHash: string }>(`SELECT "passwordHash" FROM "users" WHERE "name" = '${name}'`)
    .then(([user]) => user?.passwordHash);

/** Returns the errors of a file that is rejected. */
async function problemsOf(file: string): Promise<Summary['problems']> {
  const { code, output } = await installation.latchkey.run(['import-users', file, '--json']);
  expect(code).toBe(1);
  const summary = JSON.parse(output) as Summary;
  expect(summary.imported).toBe(0);
  return summary.problems;
}

describe('import-users', () => {
  const salt = Buffer.from('0123456789abcdef');

  it.each<[string, () => Promise<string> | string]>([
    ['argon2i', () => argon2(PASSWORD, { algorithm: 1, memoryCost: 8_192, timeCost: 3 })],
    ['bcrypt', async () => (await bcrypt(PASSWORD, 5)).replace('$2b$', '$2y$')],
    ['scrypt', () => `$scrypt$ln=14,r=8,p=1$${phc(salt)}$${phc(scryptSync(PASSWORD, salt, 32))}`],
    [
      'pbkdf2',
      () => `$pbkdf2-sha512$i=5000,l=64$${phc(salt)}$${phc(pbkdf2Sync(PASSWORD, salt, 5_000, 64, 'sha512'))}`,
    ],
  ])('keeps a hash of %s until the first successful login, which replaces it', async (name, make) => {
    const passwordHash = await make();
    const file = fileOf(`${name}.csv`, `name,passwordHash\n${name},"${passwordHash}"\n`);

    await installation.latchkey.json('import-users', file);

    expect((await client.login(name, `${PASSWORD}!`)).status).toBe(401);
    expect(await hashOf(name)).toBe(passwordHash);
    expect((await client.login(name, PASSWORD)).status).toBe(200);
    expect(await hashOf(name)).toMatch(/^\$argon2id\$v=19\$m=8,t=1,p=1\$/);
    expect((await client.login(name, PASSWORD)).status).toBe(200);
  });

  it('reads all columns of CSV and all members of JSON lines', async () => {
    const csv = fileOf(
      'all.csv',
      '\uFEFFname,displayName,email,roles,enabled,kind\r\n' +
        'Änne,"Anne ""A"" Ärger",anne@example.org,user auditor,false,human\r\n' +
        'robot,,,,,service\r\n',
    );
    const lines = fileOf('more.jsonl', '{"name":"json","roles":[],"email":null,"displayName":"J"}\n\n');

    await installation.latchkey.json('import-users', csv);
    await installation.latchkey.json('import-users', lines);

    const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
    const users = await Promise.all(['änne', 'robot', 'json'].map((name) => client.user(name, asAdmin)));
    expect(users.map(({ body }) => body)).toMatchObject([
      {
        displayName: 'Anne "A" Ärger',
        email: 'anne@example.org',
        roles: ['auditor', 'user'],
        enabled: false,
        kind: 'human',
      },
      { roles: ['user'], enabled: true, kind: 'service' },
      { roles: [], displayName: 'J' },
    ]);
    expect(users[2]?.body).not.toHaveProperty('email');
  });

  it('lists every invalid line, and creates no user', async () => {
    const file = fileOf(
      'wrong.csv',
      [
        'name,displayName,email,roles,enabled,kind,passwordHash',
        'fine,,,,,,',
        ',nobody,,,,,',
        'FINE,again,,,,,',
        'admin,taken,,,,,',
        'role,,,astronaut,,,',
        'mail,,no address,,,,',
        'flag,,,,yes,,',
        'machine,,,,,service,$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
        `clear,,,,,,"${PASSWORD}"`,
        'costly,,,,,,$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
        'admin,,no address,astronaut,TRUE,,',
        'cells,too,many,,,,,,',
        'django,,,,,,pbkdf2_sha256$600000$SALT$HASH',
        'adrnin,,,,,,',
        'modern,,,,,,',
        'MODEM,,,,,,',
      ].join('\n'),
    );

    const problems = await problemsOf(file);

    const lines = problems.map(({ line, message }) => `${line} ${message}`);
    expect([...lines.slice(0, 9), ...lines.slice(9).sort()]).toEqual([
      '3 name is missing',
      '4 the name fine is already on line 2',
      '5 the user admin already exists',
      '6 there is no role astronaut',
      '7 email must be an e-mail address, such as anna@example.org',
      '8 enabled must be true or false',
      '9 a service cannot have a password; create a token for it',
      expect.stringMatching(/^10 passwordHash is not a hash of argon2, bcrypt, scrypt, PBKDF2/),
      '11 passwordHash costs too much: the cost is at most 14',
      '12 email must be an e-mail address, such as anna@example.org',
      '12 enabled must be true or false',
      '12 the name admin is already on line 5',
      '12 the user admin already exists',
      '12 there is no role astronaut',
      '13 has 9 cells for 7 columns',
      expect.stringMatching(/^14 passwordHash is in Django's form: rewrite it as \$pbkdf2-sha256\$i=/),
      '15 the name adrnin looks like admin on line 5',
      '15 the name adrnin looks like the name of the user admin',
      '17 the name modem looks like modern on line 16',
    ]);
    expect(JSON.stringify(problems)).not.toContain(PASSWORD);
    expect(await hashOf('fine')).toBeUndefined();
  });

  it('rejects a password in clear text', async () => {
    const lines = fileOf('clear.jsonl', `{"name":"clear","password":"${PASSWORD}"}`);
    const csv = fileOf('clear.csv', `name,password\nclear,${PASSWORD}\n`);

    const [problem] = await problemsOf(lines);
    const { message } = await installation.latchkey.failure('import-users', csv);
    expect(problem?.message).toMatch(
      /^clear-text passwords are not accepted: .*reset-password.*passwordHash/,
    );
    expect(message).toBe(`The file has a password column, but ${problem?.message}.`);
  });

  it.each([
    ['a file of another form', 'users.txt', 'name\nsomebody\n', /--format csv/],
    [
      'no file',
      'absent.csv',
      undefined,
      /absent\.csv cannot be read: no such file or directory \(ENOENT\)\.$/,
    ],
    ['a file without names', 'nameless.csv', 'email\na@example.org\n', /must contain a column called name/],
    ['an empty file', 'empty.csv', '', /^There are no users in .*empty\.csv\.$/],
    ['a line of columns alone', 'header.csv', 'name,email\n', /^There are no users in /],
    ['JSON lines without one', 'empty.jsonl', '\n\n', /^There are no users in /],
    ['semicolons', 'semicolons.csv', 'name;email\nsomebody;a@example.org\n', /by commas, not by ;\.$/],
    ['tabs', 'tabs.csv', 'name\temail\nsomebody\ta@example.org\n', /by commas, not by tabs\.$/],
    ['a quote that never closes', 'quote.csv', 'name\n"somebody\n', /^The file is not valid CSV: /],
    ['Latin 1', 'latin.csv', Buffer.from('name,displayName\nsomebody,\xe4\n', 'latin1'), /is not in UTF-8/],
  ])('rejects %s in one line', async (_, name, content, line) => {
    const file = content === undefined ? join(installation.folder, name) : fileOf(name, content);

    const { message } = await installation.latchkey.failure('import-users', file);

    expect(message).toMatch(line);
    expect(await hashOf('somebody')).toBeUndefined();
  });

  it('lists lines that are not JSON objects along with other errors', async () => {
    const file = fileOf('mixed.jsonl', '{"name":"somebody"}\n{"name":\n[{"name":"one"}]\n{"name":"admin"}\n');

    expect(await problemsOf(file)).toEqual([
      { line: 2, message: 'is not a JSON object' },
      { line: 3, message: 'is not a JSON object' },
      { line: 4, message: 'the user admin already exists' },
    ]);
  });

  it('names --skip-existing when users already exist', async () => {
    const { output } = await installation.latchkey.run([
      'import-users',
      fileOf('existing.csv', 'name\nadmin\n'),
    ]);

    expect(output.split('\n')).toEqual([
      'LINE  PROBLEM',
      '2     the user admin already exists',
      'No users were created. Fix these lines.',
      'To skip users that already exist, use --skip-existing.',
      '',
    ]);
  });

  it('requires --format for standard input', async () => {
    const users = 'name\npiped\n';
    const withoutFormat = await installation.latchkey.run(['import-users', '-'], users);
    const { code, output } = await installation.latchkey.run(['import-users', '-', '--format', 'csv'], users);

    expect([withoutFormat.code, withoutFormat.errors]).toEqual([
      1,
      expect.stringMatching(/^The format of standard input is unknown\. .*--format csv/),
    ]);
    expect({ code, output }).toEqual({ code: 0, output: 'Created 1 user.\n' });
  });

  it('creates users in several batches, keeps existing ones, and leaves the audit trail unbroken', async () => {
    const rows = Array.from({ length: 500 }, (_, index) => `many-${index},Number ${index}`);
    const some = fileOf('some.csv', ['name,displayName', ...rows.slice(0, 250)].join('\n'));
    const all = fileOf('all.csv', ['name,displayName', ...rows].join('\n'));
    await installation.latchkey.json('import-users', some);

    const rejected = await problemsOf(all);
    const tried = await installation.latchkey.json('import-users', all, '--skip-existing', '--dry-run');
    const made = await installation.latchkey.json('import-users', all, '--skip-existing');

    expect(rejected[0]).toEqual({ line: 2, message: 'the user many-0 already exists' });
    expect(tried).toEqual({ isDryRun: true, imported: 250, skipped: 250, problems: [] });
    expect(made).toEqual({ isDryRun: false, imported: 250, skipped: 250, problems: [] });
    const [{ count } = { count: 0 }] = await installation.database.query<{ count: number }>(
      `SELECT COUNT(*) AS "count" FROM "users" WHERE "name" LIKE 'many-%'`,
    );
    expect(count).toBe(500);
    expect(await installation.latchkey.json('verify-audit')).toMatchObject({ problems: [] });
  });
});
