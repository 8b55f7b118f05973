import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type ApiDto,
  type RoleDto,
  type RotatedTokenDto,
  type SetUpLinkDto,
  type UserDto,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { type ApiClient, type Headers } from '../support/api-client.js';
import { type CommandLine } from '../support/command-line.js';
import { ADMIN, newRole, newUser, PASSWORD } from '../support/factories.js';
import { Installation } from '../support/installation.js';

const LINK = /^http:\/\/127\.0\.0\.1:\d+\/admin\/set-up\?name=[\w-]+#([\w-]{22})$/;
const PASSWORD_HASH =
  '$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44';

describe('while the server runs', () => {
  let installation: Installation;
  let latchkey: CommandLine;
  let client: ApiClient;
  let user: { name: string; tokenId: string; headers: Headers };

  beforeAll(async () => {
    installation = await Installation.open();
    ({ latchkey } = installation);
    client = await installation.running();
  });

  /** A user with a token that was just used. */
  beforeEach(async () => {
    const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
    const { name } = (await client.createUser(newUser(), asAdmin)).body;
    const { id, token } = (await client.login(name, PASSWORD)).body;
    user = { name, tokenId: id, headers: { Authorization: `Bearer ${token}` } };
    await client.verify(user.headers);
  });

  afterAll(() => installation.close());

  const statusOfToken = async () => (await client.verify(user.headers)).status;

  /** Actors and subjects of the audit entries of the command line. */
  const actors = (action: string, subject: string) =>
    installation.database.query(
      `SELECT "actorName", "address" FROM "audit_events" WHERE "actorId" = 'command-line'
       AND "action" = '${action}' AND "subjectName" = '${subject}'`,
    );

  const COMMAND_LINE = { actorName: `command line (${userInfo().username})`, address: null };

  it('create-admin creates an administrator with a set-up link', async () => {
    const made = await latchkey.json<{ name: string; link: string }>('create-admin', 'Rescue');

    const [, secret = ''] = LINK.exec(made.link) ?? [];
    const setUp = await client.setUp({ secret, password: PASSWORD });
    const me = await client.me(await client.loginHeaders('rescue', PASSWORD));
    expect([made.name, setUp.status, me.body.roles]).toEqual(['rescue', 204, ['admin']]);
    expect(await actors('user_created', 'rescue')).toEqual([COMMAND_LINE]);
    expect(await actors('user_set_up_link_created', 'rescue')).toEqual([COMMAND_LINE]);
  });

  it('create-user creates a user with roles, an e-mail address and a set-up link', async () => {
    const role = newRole({ permissions: [] });
    const created = await latchkey.json<RoleDto>('create-role', role.name);
    const made = await latchkey.json<UserDto & SetUpLinkDto>(
      ...['create-user', 'Lena', '--display-name', 'Lena L.', '--email', 'lena@example.com'],
      ...['--role', 'user', '--role', role.name],
    );

    const [, secret = ''] = LINK.exec(made.link) ?? [];
    const setUp = await client.setUp({ secret, password: PASSWORD });
    expect(created).toMatchObject({ name: role.name, permissions: [] });
    expect(made).toMatchObject({
      ...{ name: 'lena', displayName: 'Lena L.', email: 'lena@example.com' },
      ...{ kind: 'human', roles: expect.arrayContaining(['user', role.name]) },
    });
    expect(setUp.status).toBe(204);
    expect((await client.login(made.name, PASSWORD)).status).toBe(200);
    expect(await actors('user_created', made.name)).toEqual([COMMAND_LINE]);
  });

  it('create-user creates a service without a link', async () => {
    const { code, output } = await latchkey.run(['create-user', 'job', '--kind', 'service']);

    expect([code, output]).toEqual([
      0,
      `Created the user job. Create a token for it:  latchkey create-token --user job\n`,
    ]);
  });

  it('create-role creates a role with permissions of the server and of an API', async () => {
    const [name, api] = [newRole().name, 'warehouse'];
    await latchkey.json('apis', 'create', api, '--permission', 'read=See all.');

    const { code, output } = await latchkey.run([
      ...['create-role', name, '--description', 'Counts.', '--permission', `${api}:read`],
      ...['--permission', 'users:read'],
    ]);

    expect([code, output]).toEqual([0, `Created the role ${name} with users:read, ${api}:read.\n`]);
    const { body } = await client.roles(await client.loginHeaders(ADMIN.name, ADMIN.password), `?q=${name}`);
    expect(body.items).toMatchObject([{ name, description: 'Counts.' }]);
    expect(await actors('role_created', name)).toEqual([COMMAND_LINE]);
    expect((await latchkey.failure('create-role', name)).code).toBe('name_taken');
    expect((await latchkey.failure('create-role', `${name}-2`, '--permission', 'no:such')).message).toMatch(
      /no:such/,
    );
  });

  it.each([
    ['create-user', ['create-user', 'link-in-file']],
    ['create-admin', ['create-admin', 'admin-in-file']],
    ['reset-password', ['reset-password', ADMIN.name]],
  ])('%s writes the link to a new file that only its owner can read', async (command, args) => {
    const file = join(installation.folder, `${command}.txt`);

    const { code, output, errors } = await latchkey.run([...args, '--out', file]);

    expect([code, errors]).toEqual([0, '']);
    expect(output).toContain(`The link to choose a password is in ${file}. It works once, until 20`);
    const link = readFileSync(file, 'utf8');
    expect(link).toMatch(/^http.*\/admin\/set-up\?name=[\w-]+#[\w-]{22}\n$/);
    expect(output).not.toContain(link.split('#')[1]?.trim());
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('create-token and rotate-token write the secret to a new file, and not to their output', async () => {
    const [first, second] = ['first', 'second'].map((name) => join(installation.folder, `${name}.token`)) as [
      string,
      string,
    ];

    const created = await latchkey.json<UserTokenDto & { file: string }>(
      ...['create-token', '--user', user.name, '--out', first],
    );
    const rotated = await latchkey.run(['rotate-token', created.id, '--out', second]);

    expect(created).not.toHaveProperty('token');
    expect(created.file).toBe(first);
    expect(rotated).toMatchObject({ code: 0, output: `The secret is in ${second}.\n` });
    const [old, current] = [first, second].map((file) => readFileSync(file, 'utf8'));
    expect([old, current]).toEqual(Array(2).fill(expect.stringMatching(/^latchkey_\w{33}\n$/)));
    expect((await client.me({ Authorization: `Bearer ${old?.trim()}` })).status).toBe(401);
    expect((await client.me({ Authorization: `Bearer ${current?.trim()}` })).status).toBe(200);
    expect([first, second].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
  });

  it('--out changes no existing file, follows no link, and then issues no secret', async () => {
    const [existing, target, link, absent] = ['existing', 'target', 'link', 'absent/file'].map((name) =>
      join(installation.folder, name),
    ) as [string, string, string, string];
    writeFileSync(existing, 'kept');
    symlinkSync(target, link);
    const { id, version } = await latchkey.json<UserTokenDto>('create-token', '--user', user.name);

    const failures = [];
    for (const file of [existing, link, absent]) {
      failures.push((await latchkey.failure('rotate-token', id, '--out', file)).message);
    }

    expect(failures).toEqual([
      `${existing} already exists, and was not changed. Choose another name, or delete the file first.`,
      `${link} already exists, and was not changed. Choose another name, or delete the file first.`,
      `The folder ${join(installation.folder, 'absent')} does not exist. Create it first.`,
    ]);
    expect([readFileSync(existing, 'utf8'), existsSync(target)]).toEqual(['kept', false]);
    const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
    expect((await client.token(id, asAdmin)).body.version).toBe(version);
  });

  it.each([
    ['create-token', '--user', 'nobody'],
    ['create-user', 'unnamed'],
    ['reset-password', 'nobody'],
  ])('--out requires a file name: %s', async (...command) => {
    const { code, errors } = await latchkey.run([...command, '--out', '']);

    expect(code).toBe(2);
    expect(errors).toContain('Give the name of the new file.');
  });

  it('--out leaves no file if the request fails', async () => {
    const file = join(installation.folder, 'never.token');

    expect((await latchkey.failure('create-token', '--user', 'nobody', '--out', file)).code).toBe(
      'not_found',
    );

    expect(existsSync(file)).toBe(false);
  });

  it('explain prints the checks of a rejected request, and what to do', async () => {
    await latchkey.run(['revoke', user.tokenId]);
    const { headers } = await client.verify(user.headers);
    const traceId = headers.get('x-request-id') ?? '';

    const { code, output } = await latchkey.run(['explain', traceId]);

    expect(code).toBe(0);
    expect(output).toMatch(
      /: GET \/auth\/verify from 127\.0\.0\.1 .*was rejected with 401 token_revoked\.\n/,
    );
    expect(output).toContain(`User:   ${user.name}\n`);
    expect(output).toMatch(/ {2}failed {3}revocation: The token was revoked at .*\.\n/);
    expect(output).toMatch(/\n\nLog in again\.\n$/);
    expect(await latchkey.json('explain', traceId)).toMatchObject({ traceId, cause: 'token_revoked' });
    expect((await latchkey.failure('explain', 'unknown')).code).toBe('not_found');
  });

  it('create-admin reads a password from standard input', async () => {
    const { code } = await latchkey.run(['create-admin', 'typed', '--password-file', '-'], `${PASSWORD}\n`);

    expect(code).toBe(0);
    expect((await client.login('typed', PASSWORD)).status).toBe(200);
  });

  it('create-admin states the minimum length of this server at once', async () => {
    const { code, errors } = await latchkey.run(['create-admin', 'hasty', '--password-file', '-'], 'short\n');

    expect([code, errors]).toEqual([1, expect.stringContaining('password must have at least 15 characters')]);
  });

  it('reset-password issues a link that revokes all tokens when it is used', async () => {
    const { link } = await latchkey.json<{ link: string }>('reset-password', user.name.toUpperCase());

    expect(await statusOfToken()).toBe(200);
    const [, secret = ''] = LINK.exec(link) ?? [];
    await client.setUp({ secret, password: `${PASSWORD}, but new` });
    expect(await statusOfToken()).toBe(401);
    expect(await actors('user_set_up_link_created', user.name)).toEqual([COMMAND_LINE]);
  });

  it('list-tokens applies a filter', async () => {
    const { items, total } = await latchkey.json<{ items: UserTokenDto[]; total: number }>(
      'list-tokens',
      '--user',
      user.name,
    );

    expect({ ids: items.map(({ id }) => id), total }).toEqual({ ids: [user.tokenId], total: 1 });
  });

  it('list-users and list-tokens find the users and tokens with a permission', async () => {
    const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
    const role = newRole({ permissions: ['audit:read'] });
    await client.createRole(role, asAdmin);
    const { name } = (await client.createUser(newUser({ roles: [role.name] }), asAdmin)).body;
    const token = (await client.createUserToken(name, asAdmin)).body;
    await client.createUserToken(name, asAdmin, { permissions: [] });
    const users = await latchkey.json<{ items: UserDto[] }>('list-users', '--permission', 'audit:read');
    const tokens = await latchkey.json<{ items: UserTokenDto[] }>(
      ...['list-tokens', '--user', name, '--permission', 'audit:read'],
    );

    const names = users.items.map((found) => found.name);
    expect(names).toEqual(expect.arrayContaining([ADMIN.name, name]));
    expect(names).not.toContain(user.name);
    expect(tokens.items.map(({ id }) => id)).toEqual([token.id]);
    expect(await latchkey.failure('list-users', '--permission', 'audit')).toMatchObject({
      code: 'invalid_parameter',
    });
  });

  it('create-token prints the secret alone, of a token with the requested scope', async () => {
    const { code, output, errors } = await latchkey.run([
      ...['create-token', '--user', user.name.toUpperCase(), '--note', 'nightly', '--role', 'user'],
      ...['--expires-in', '2h'],
    ]);

    expect([code, output]).toEqual([0, expect.stringMatching(/^latchkey_\w{33}\n$/)]);
    const { body } = await client.me({ Authorization: `Bearer ${output.trim()}` });
    expect(body.token).toMatchObject({ kind: 'api', note: 'nightly', roles: ['user'] });
    expect(errors).toBe(
      `Created the token ${body.token?.id} of ${user.name}. It expires at ${body.token?.expirationTime}.\n`,
    );
    const hours = (Date.parse(body.token?.expirationTime ?? '') - Date.now()) / 3_600_000;
    expect(Math.round(hours)).toBe(2);
    expect(await actors('authn_token_created', user.name)).toEqual([COMMAND_LINE]);
  });

  it('create-token limits a token to permissions of an API that its user holds', async () => {
    const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
    const api = await latchkey.json<ApiDto>(
      ...['apis', 'create', 'shop', '--permission', 'read=See = all.', '--permission', 'write=Change.'],
    );
    const permission = 'shop:read';
    const role = newRole({ permissions: [permission] });
    await client.createRole(role, asAdmin);
    const service = newUser({ kind: 'service', password: undefined, roles: [role.name] });
    await client.createUser(service, asAdmin);

    const token = await latchkey.json<UserTokenDto>(
      ...['create-token', '--user', service.name, '--permission', permission],
    );

    expect(api.permissions).toEqual([
      { name: permission, description: 'See = all.' },
      { name: 'shop:write', description: 'Change.' },
    ]);
    expect(token.permissions).toEqual([permission]);
    const asService = { Authorization: `Bearer ${token.token}` };
    expect((await client.verify(asService, `?permission=${permission}`)).status).toBe(200);

    const used = await latchkey.failure('apis', 'delete', api.name);
    const deleted = await latchkey.json('apis', 'delete', api.name, '--force');
    const listed = await latchkey.json<{ items: ApiDto[] }>('apis');
    expect([used.code, deleted]).toEqual(['permission_in_use', { name: api.name }]);
    expect(listed.items.map(({ name }) => name)).not.toContain(api.name);
    expect((await client.verify(asService, `?permission=${permission}`)).status).toBe(403);
  });

  it('rotate-token replaces a secret, and keeps the old one during the grace period', async () => {
    const created = await latchkey.json<UserTokenDto>('create-token', '--user', user.name);

    const { output } = await latchkey.run(['rotate-token', created.id, '--grace-period', '1h']);
    const rotated = await latchkey.json<UserTokenDto>('rotate-token', created.id, '--expires-in', '60');

    expect(output).toMatch(/^latchkey_\w{33}\n$/);
    expect(rotated).toMatchObject({ id: created.id, version: 2 });
    expect((await client.me({ Authorization: `Bearer ${output.trim()}` })).status).toBe(401);
    expect((await client.me({ Authorization: `Bearer ${rotated.token}` })).status).toBe(200);
  });

  it('rotate-token and revoke pass the reason and the descendants on', async () => {
    const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
    const { id, token } = await latchkey.json<UserTokenDto>('create-token', '--user', user.name);
    const asToken = { Authorization: `Bearer ${token}` };
    const child = (await client.createMyToken(asToken)).body;

    const reason = 'found in a build log';
    const rotated = await latchkey.json<RotatedTokenDto>(
      ...['rotate-token', id, '--revoke-descendants', '--reason', reason],
    );
    await latchkey.json('revoke', id, '--reason', `${reason} again`);

    expect(rotated.revokedDescendants).toBe(1);
    const { items } = (await client.auditEvents(asAdmin, `?subject=${id}&size=2`)).body;
    expect(items.map(({ action, after }) => [action, after?.['reason']])).toEqual([
      ['authn_token_revoked', `${reason} again`],
      ['authn_token_rotated', reason],
    ]);
    expect(items[1]?.after).toMatchObject({ descendants: [child.id] });
  });

  it('list-users finds users by text, kind and role', async () => {
    const find = async (...args: string[]) =>
      (await latchkey.json<{ items: UserDto[] }>('list-users', ...args)).items.map(({ name }) => name);

    expect(await find('--search', user.name)).toEqual([user.name]);
    expect(await find('--search', user.name, '--kind', 'service')).toEqual([]);
    expect(await find('--role', 'admin')).toContain(ADMIN.name);
    const { output, errors } = await latchkey.run(['list-users', '--limit', '1']);
    expect(output).toMatch(/^NAME +KIND +STATE +ROLES +TOKENS +LAST LOGIN\n.*\n$/);
    expect(errors).toMatch(/^Showing 1 of \d+ users\. Use --limit to show more\.\n$/);
  });

  it('revoke takes effect at the next request', async () => {
    const { code, output } = await latchkey.run(['revoke', user.tokenId]);

    expect(code).toBe(0);
    expect(output).toMatch(/^Revoked the token [\w-]+\. Rejected everywhere by 2\S+Z\.\n$/);
    expect(output).toContain(user.tokenId);
    expect(await statusOfToken()).toBe(401);
    expect(await actors('authn_token_revoked', user.name)).toEqual([COMMAND_LINE]);
  });

  it('revoke --user revokes all tokens of a user', async () => {
    const revoked = await latchkey.json('revoke', '--user', user.name.toUpperCase());

    expect(revoked).toMatchObject({ user: user.name, effectiveBy: expect.stringMatching(/Z$/) });
    expect(await statusOfToken()).toBe(401);
  });

  it('revoke --all revokes all tokens', async () => {
    const revoked = await latchkey.json('revoke', '--all', '--yes');

    expect(revoked).toMatchObject({
      all: true,
      tokens: expect.any(Number),
      effectiveBy: expect.stringMatching(/Z$/),
    });
    expect(await statusOfToken()).toBe(401);
    expect(await latchkey.json('list-tokens')).toEqual({ items: [], total: 0 });
  });

  it('revoke --all counts valid tokens', async () => {
    await latchkey.json('revoke', '--all', '--yes');
    await client.login(user.name, PASSWORD);
    const { code, output } = await latchkey.run(['revoke', '--all', '--yes']);

    expect(code).toBe(0);
    expect(output).toMatch(/^Revoked 1 token\. Rejected everywhere by 2\S+Z\.\n$/);
  });

  it('revoke --all does nothing without a terminal, except with --yes', async () => {
    const { message } = await latchkey.failure('revoke', '--all');

    expect(message).toBe('Revoke all tokens of all users? Confirm with --yes, because there is no terminal.');
    expect(await statusOfToken()).toBe(200);
  });

  it('import-users creates users who can log in with their old passwords', async () => {
    const file = join(installation.folder, 'users.csv');
    writeFileSync(file, `name,roles,passwordHash\nImported,user auditor,${PASSWORD_HASH}\n`);

    const summary = await latchkey.json('import-users', file);

    expect(summary).toEqual({ isDryRun: false, imported: 1, skipped: 0, problems: [] });
    expect((await client.login('imported', 'password')).status).toBe(200);
    expect(await actors('user_created', 'bulk')).toEqual([COMMAND_LINE]);
  });

  it('config check prints ok', async () => {
    const checked = await latchkey.json('config', 'check');

    expect(checked).toMatchObject({ ok: true, database: 'sqlite', tables: 'current' });
  });

  it('verify-audit finds an unbroken trail after all commands, and detects a truncated one', async () => {
    await latchkey.json('revoke', user.tokenId);

    const { head, problems, entries } = await latchkey.json<{
      head: string;
      problems: object[];
      entries: number;
    }>('verify-audit');
    const later = `${entries + 5}:${head.split(':')[1]}`;
    const cut = await latchkey.run(['verify-audit', '--head', later]);

    expect(problems).toEqual([]);
    expect(cut.code).toBe(1);
    expect(cut.output).toContain(`but the given head is entry ${entries + 5}.`);
    // The head is the only evidence, so the advice is not to continue without it.
    expect(cut.errors).toContain('Keep the head and a copy of the database');
  });

  it('a rejected command prints one line and exits with 1', async () => {
    const outcomes = [];
    for (const args of [
      ['create-admin', user.name],
      ['reset-password', 'nobody'],
      ['revoke', 'no-such-id'],
      ['create-token', '--user', 'nobody'],
      ['rotate-token', 'no-such-id'],
    ]) {
      outcomes.push(await latchkey.run(args));
    }

    expect(outcomes.map(({ code, output }) => [code, output])).toEqual(Array(5).fill([1, '']));
    expect(outcomes.map(({ errors }) => errors)).toEqual([
      `A user named ${user.name} already exists.\n  the name ${user.name} is in use\n`,
      'There is no user with this name.\n',
      'There is no valid token with this id. Run list-tokens to see all valid tokens.\n',
      'There is no user with this name.\n',
      'There is no valid token with this id. Run list-tokens to see all valid tokens.\n',
    ]);
  });
});
