import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type UserDto, type UserTokenDto } from '@latchkey/auth-models';
import { type Finding } from '../../apps/api/src/cli/doctor/finding.js';
import { type ApiClient, type Headers } from '../support/api-client.js';
import { CommandLine } from '../support/command-line.js';
import { ADMIN, PASSWORD } from '../support/factories.js';
import { Installation } from '../support/installation.js';
import { waitUntil } from '../support/wait-until.js';

const OLD_KEY = Buffer.alloc(32, 1).toString('base64');
const NEW_KEY = Buffer.alloc(32, 2).toString('base64');

let installation: Installation;
let client: ApiClient;

beforeAll(async () => {
  installation = await Installation.open({
    LATCHKEY_AUDIT_KEY: OLD_KEY,
    LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: '10',
  });
  client = await installation.running();
});

afterAll(() => installation.close());

const diagnose = async (latchkey: CommandLine) => {
  const { code, output } = await latchkey.run(['doctor', '--json']);
  const { checks } = JSON.parse(output) as { checks: Finding[] };
  return { code, checks: Object.fromEntries(checks.map((finding) => [finding.check, finding])) };
};

/** Logs in and returns headers with a token that the server has cached. */
async function asAdmin() {
  const headers = await client.loginHeaders(ADMIN.name, ADMIN.password);
  await client.verify(headers);
  return headers;
}

/**
 * Waits until the server rejects a token, and returns the rejection. PostgreSQL notifies the server after the
 * command's commit, so the next request can be earlier.
 */
async function rejectionOf(headers: Headers) {
  const responses: Awaited<ReturnType<typeof client.verify>>[] = [];
  await waitUntil(async () => {
    responses.unshift(await client.verify(headers));
    return responses[0]!.status !== 200;
  });
  return responses[0]!;
}

// A command opens the database itself, and the server hears of its changes.
describe('while a server runs', () => {
  it('create-user and create-token work at the next request', async () => {
    const made = await installation.processes.json<UserDto & { link: string }>('create-user', 'Lena');
    const { token } = await installation.latchkey.json<UserTokenDto>('create-token', '--user', 'lena');

    const secret = made.link.split('#')[1] ?? '';
    expect((await client.verify({ Authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await client.setUp({ secret, password: PASSWORD })).status).toBe(204);
    const listed = await installation.latchkey.json<{ items: UserDto[] }>('list-users', '--search', 'lena');
    expect(listed.items.map(({ name }) => name)).toEqual(['lena']);
  });

  it.each([
    ['revoke ID', (id: string) => ['revoke', id]],
    ['revoke --user', () => ['revoke', '--user', ADMIN.name]],
    ['revoke --all', () => ['revoke', '--all', '--yes']],
  ])('%s makes the server reject the token', async (_, command) => {
    const headers = await asAdmin();
    const { body } = await client.me(headers);

    await installation.latchkey.json(...command(body.token?.id ?? ''));

    expect((await rejectionOf(headers)).status).toBe(401);
  });

  it('explain reads the rejections of the server', async () => {
    const headers = await asAdmin();
    await installation.latchkey.json('revoke', '--user', ADMIN.name);
    const traceId = (await rejectionOf(headers)).headers.get('x-request-id') ?? '';

    expect(await installation.latchkey.json('explain', traceId)).toMatchObject({
      traceId,
      cause: 'token_revoked',
    });
    expect((await installation.latchkey.failure('explain', 'unknown')).code).toBe('not_found');
  });

  it('unlock makes the server reset the failures of a name', async () => {
    const attemptsLeft = async () => {
      const { headers } = await client.login('lena', 'a wrong password');
      return /"account";r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1];
    };
    const before = [await attemptsLeft(), await attemptsLeft()];

    await installation.latchkey.json('unlock', 'Lena');

    expect(before).toEqual(['9', '8']);
    await waitUntil(attemptsLeft, (left) => left === '9', { pauseMilliseconds: 100 });
  });

  it('import-users creates users', async () => {
    const file = join(installation.folder, 'users.csv');
    writeFileSync(file, 'name\none\ntwo\n');

    expect(await installation.latchkey.json('import-users', file)).toMatchObject({
      imported: 2,
      problems: [],
    });
  });

  it('the server knows no backups, because other programs create them', async () => {
    const { state } = (await client.settings(await asAdmin())).body;

    expect(state).toMatchObject({ knowsBackups: false });
  });

  it('config check and doctor find the tables up to date', async () => {
    const checked = await installation.latchkey.json('config', 'check');
    const { code, checks } = await diagnose(installation.latchkey);

    expect(checked).toMatchObject({ ok: true, database: 'postgres', tables: 'current' });
    expect(code).toBe(0);
    expect(checks['database']).toMatchObject({
      verdict: 'ok',
      message: expect.stringMatching(/^PostgreSQL \d+\.\S+; the tables are up to date\.$/),
    });
    expect([checks['clock'], checks['tokens'], checks['audit key']].map((each) => each?.verdict)).toEqual([
      'ok',
      'ok',
      'ok',
    ]);
    expect([checks['backups'], checks['proxies']].map((each) => each?.verdict)).toEqual([
      'skipped',
      'skipped',
    ]);
  });
});

describe('doctor', () => {
  it('reports a server that cannot be reached', async () => {
    const environment = {
      ...installation.environment,
      DATABASE_URL: 'postgres://latchkey@127.0.0.1:1/latchkey',
    };

    const { code, checks } = await diagnose(new CommandLine(environment, installation.folder));

    expect(code).toBe(1);
    expect(checks['database']).toMatchObject({
      verdict: 'problem',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('rotate-audit-key', () => {
  it('rotates to the key in a file, and leaves the trail unbroken', async () => {
    await installation.stop();
    const newKeyFile = join(installation.folder, 'new.key');
    writeFileSync(newKeyFile, NEW_KEY);
    const oldKeyFile = join(installation.folder, 'old.key');
    writeFileSync(oldKeyFile, OLD_KEY);

    const rotated = await installation.latchkey.json('rotate-audit-key', '--new-key-file', newKeyFile);

    expect(rotated).toMatchObject({ mustBeConfigured: true });
    installation.environment.LATCHKEY_AUDIT_KEY = NEW_KEY;
    await installation.running();
    const verdict = await installation.latchkey.json('verify-audit', '--key-file', oldKeyFile);
    expect(verdict).toMatchObject({ problems: [] });
  });
});
