import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AUDIT_ACTIONS,
  AUDIT_SUBJECT_KINDS,
  type AuditEventDto,
  type CursorPageDto,
} from '@latchkey/auth-models';
import { type ApiClient, type Headers } from '../support/api-client.js';
import { ADMIN, PASSWORD } from '../support/factories.js';
import { Installation } from '../support/installation.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';

const DAY = 86_400_000;

let installation: Installation;
let client: ApiClient;
let asAdmin: Headers;
let page: CommandsOnPage;

beforeAll(async () => {
  installation = await Installation.open();
  client = await installation.running();
  asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  const replacements: Record<string, string> = {
    'http://127.0.0.1:3000': client.baseUrl,
    '2026-10-01T00:00:00Z': new Date(Date.now() - DAY).toISOString(),
    '2026-11-01T00:00:00Z': new Date(Date.now() + DAY).toISOString(),
    'audit.csv': join(installation.folder, 'audit.csv'),
    '48213:pGk0…': '$HEAD',
  };
  page = new CommandsOnPage(
    'operations/audit-trail.md',
    { ...(installation.environment as Record<string, string>), TOKEN: asAdmin['X-Auth-Token'] ?? '' },
    replacements,
  );
});

afterAll(() => installation.close());

const actionsOf = (items: readonly AuditEventDto[]) => items.map(({ action }) => action);

it('names all actions and kinds of subjects', () => {
  const text = readFileSync('docs/operations/audit-trail.md', 'utf8');
  const rows = [...text.matchAll(/^\| (`[a-z_]+`[^|]*) \|/gm)].map(([, names = '']) => names);
  const actions = rows.flatMap((names) => {
    let stem = '';
    return [...names.matchAll(/`([a-z_]+)`/g)].map(([, name = '']) => {
      const action = name.startsWith('_') ? stem + name : name;
      stem = name.startsWith('_') ? stem : name.slice(0, name.lastIndexOf('_'));
      return action;
    });
  });
  const [kinds = ''] = /^- `subject\.kind` is [^.]*\./m.exec(text) ?? [];

  expect(actions.sort()).toEqual([...AUDIT_ACTIONS].sort());
  expect([...kinds.matchAll(/`([a-z_]+)`/g)].map(([, kind]) => kind).sort()).toEqual(
    [...AUDIT_SUBJECT_KINDS].sort(),
  );
});

// In the order of the page: each step needs those before it.
describe('docs/operations/audit-trail.md', () => {
  it('reads the changes to a user and their tokens, single and bulk, and their 403s', async () => {
    for (const name of ['anne', 'ben']) {
      await client.createUser({ name, password: PASSWORD }, asAdmin);
    }
    const asAnne = await client.loginHeaders('anne', PASSWORD);
    await client.users(asAnne);
    const { body: token } = await client.createMyToken(asAnne);
    await client.bulkTokens({ action: 'disable', ids: [token.id] }, asAdmin);
    await client.bulkUsers({ action: 'disable', ids: ['anne', 'ben'] }, asAdmin);

    const [head = '', ...lists] = (await page.run('subject=anne')).split(/(?=\{"items")/);

    const [newest, subject, rejected] = lists.map(
      (text) => (JSON.parse(text) as CursorPageDto<AuditEventDto>).items,
    );
    expect(head).toMatch(/^HTTP\/1\.1 200 /);
    expect(newest?.length).toBeGreaterThan(subject?.length ?? 0);
    expect(actionsOf(subject ?? [])).toEqual([
      'user_updated',
      'authn_token_updated',
      'authn_token_created',
      'authn_login_success',
      'user_created',
    ]);
    expect(subject?.[0]).toMatchObject({
      subject: { kind: 'user', name: 'bulk' },
      before: { users: [{ enabled: true }, { enabled: true }] },
      after: { action: 'disable', users: [{ name: 'anne' }, { name: 'ben' }] },
    });
    expect(actionsOf(rejected ?? [])).toEqual(['authz_fail']);
    expect(readFileSync(join(installation.folder, 'audit.csv'), 'utf8')).toContain('user_updated');
  });

  it('reads the last verification', async () => {
    expect(await page.run('/settings')).toContain('"state":{');
  });

  it('reads the entries after a given one', async () => {
    const { items } = (await client.auditEvents(asAdmin, '?size=2')).body;
    page.environment['LAST'] = items[1]?.id ?? '';

    const lines = (await page.run('after=$LAST')).trim().split('\n');

    expect(lines.map((line) => (JSON.parse(line) as AuditEventDto).id)).toEqual([items[0]?.id]);
  });

  it('verifies the trail, then against the head', async () => {
    const [, head = ''] = /Head, to be stored elsewhere: (\S+)/.exec(await page.run('verify-audit')) ?? [];
    page.environment['HEAD'] = head;

    expect(await page.run('--head')).toContain('The audit trail is intact');
  });

  it('has no other commands', () => {
    expect(page.notRun).toEqual([]);
  });
});
