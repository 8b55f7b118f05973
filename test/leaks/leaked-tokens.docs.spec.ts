import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AuditEventDto, type RotatedTokenDto, type UserTokenDto } from '@latchkey/auth-models';
import { createTokenSecret } from '../../apps/api/src/platform/crypto/secrets.js';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { describeIfInstalled } from '../support/external-programs.js';
import { ADMIN } from '../support/factories.js';
import { useServer } from '../support/use-server.js';
import { waitUntil } from '../support/wait-until.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';

const GITLEAKS_MISSING =
  spawnSync('gitleaks', ['version']).status === 0 ? null : 'gitleaks: apt-get install gitleaks';
const PLANTED = 50;
/** Secret that the default rules of gitleaks find. */
const OF_ANOTHER_SERVICE = `AWS_ACCESS_KEY_ID=${['AKIA', 'Q3EGRJLMPTXVZ2BC'].join('')}`;

const server = useServer();
let folder: string;
let asAdmin: Headers;
let leaked: UserTokenDto;
let page: CommandsOnPage;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-leaks-'));
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  leaked = await createToken();
  page = new CommandsOnPage(
    'guides/leaked-tokens.md',
    { TOKEN: asAdmin['X-Auth-Token'] ?? '', LEAKED: leaked.token ?? '', HOME: folder },
    {
      'http://127.0.0.1:3000': server.client.baseUrl,
      'gitleaks detect': `cd ${folder}/repository && gitleaks detect`,
      'rm "$LEAKS"': `mv "$LEAKS" ${folder}/leaks.json`,
    },
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Creates a service with a token. */
async function createToken(): Promise<UserTokenDto> {
  created += 1;
  const name = `service-${created}`;
  await server.client.createUser({ name, kind: 'service' }, asAdmin);
  return (await server.client.createUserToken(name, asAdmin)).body;
}
let created = 0;

const codeOf = async (token: UserTokenDto) => (await server.client.me(tokenHeader(token))).body.code;

describe('docs/guides/leaked-tokens.md', () => {
  it('reports a token, and finds the report', async () => {
    await page.run('code review');
    await waitUntil(
      () => codeOf(leaked),
      (code) => code === 'token_revoked',
    );

    const tokens = JSON.parse(await page.run('leaked=true')) as { items: UserTokenDto[] };
    expect(tokens.items).toMatchObject([{ id: leaked.id, state: 'revoked' }]);
    const entries = JSON.parse(await page.run('actor=leak-report')) as { items: AuditEventDto[] };
    expect(entries.items).toMatchObject([
      { after: { source: 'code review', url: 'https://git.example.com/shop/commit/5e1f' } },
    ]);
  });
});

describe('the response to a leak on the page', () => {
  it('finds what was done with the token, and replaces it with its descendants', async () => {
    const token = await createToken();
    const { body: child } = await server.client.createMyToken(tokenHeader(token));
    page.environment['ID'] = token.id;

    const actions = JSON.parse(await page.run('actorToken')) as { items: AuditEventDto[] };
    const below = JSON.parse(await page.run('descendantOf')) as { items: UserTokenDto[] };
    const rotated = JSON.parse(await page.run('revokeDescendants')) as RotatedTokenDto;

    expect(actions.items.map(({ subject }) => subject.id)).toEqual([child.id]);
    expect(below.items.map(({ id }) => id)).toEqual([child.id]);
    expect(rotated).toMatchObject({ revokedDescendants: 1, effectiveBy: expect.stringMatching(/Z$/) });
    expect([await codeOf(token), await codeOf(child), await codeOf(rotated)]).toEqual([
      'unauthenticated',
      'token_revoked',
      undefined,
    ]);
    await page.run('-X DELETE');
    const { items } = JSON.parse(await page.run('action=authn_token_revoked')) as { items: AuditEventDto[] };
    expect(items).toMatchObject([{ after: { reason: 'found in a build log' } }]);
  });
});

describe('the canary of the page', () => {
  it('raises an alarm when it is used', async () => {
    const canary = JSON.parse(await page.run('"canary"')) as UserTokenDto;
    expect(await codeOf(canary)).toBe('unauthenticated');

    await waitUntil(async () => {
      const { body } = await server.client.auditEvents(asAdmin, '?action=authn_canary_used');
      return body.items[0]?.subject.id === canary.id;
    });
    const used = () => server.client.tokens(asAdmin, '?kind=canary&neverUsed=false');
    await waitUntil(used, ({ body }) => body.total === 1);
    expect(JSON.parse(await page.run('kind=canary'))).toEqual((await used()).body);
  });
});

describeIfInstalled(GITLEAKS_MISSING, 'the rules for gitleaks', () => {
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=anna', '-c', 'user.email=anna@example.com', ...words], {
      cwd: join(folder, 'repository'),
    });

  /** Returns a token with one other digit, so that its checksum is wrong. */
  function withWrongChecksum(): string {
    const token = createTokenSecret();
    const at = token.length - 10;
    return token.slice(0, at) + (token[at] === 'a' ? 'b' : 'a') + token.slice(at + 1);
  }

  it(`revoke ${PLANTED} planted tokens and no other, and ignore ${PLANTED} with a wrong checksum`, async () => {
    const planted: UserTokenDto[] = [];
    for (let count = 0; count < PLANTED; count += 1) {
      planted.push(await createToken());
    }
    const others = [await createToken(), await createToken()];
    const texts = planted.map((token, index) =>
      index % 2 === 0 ? `TOKEN=${token.token}` : `X-Auth-Token: ${tokenHeader(token)['X-Auth-Token']}`,
    );
    const wrong = Array.from({ length: PLANTED }, () => `TOKEN=${withWrongChecksum()}`);
    mkdirSync(join(folder, 'repository'));
    git('init', '--quiet');
    writeFileSync(
      join(folder, 'repository', 'settings.txt'),
      [...texts, ...wrong, OF_ANOTHER_SERVICE, ''].join('\n'),
    );
    git('add', 'settings.txt');
    git('commit', '--quiet', '--message', 'Add settings');
    writeFileSync(join(folder, 'repository', 'settings.txt'), '');
    git('commit', '--quiet', '--all', '--message', 'Remove settings');

    await page.run('cp ');
    await page.run('gitleaks detect');

    await waitUntil(
      () => codeOf(planted[PLANTED - 1] ?? leaked),
      (code) => code === 'token_revoked',
    );
    const codes = await Promise.all([...planted, ...others].map(codeOf));
    expect(codes).toEqual([...planted.map(() => 'token_revoked'), undefined, undefined]);
    const { body } = await server.client.tokens(asAdmin, '?leaked=true&state=revoked&size=200');
    expect(body.total).toBe(PLANTED + 1);
  });

  it('find all tokens and all texts like tokens', () => {
    const report = JSON.parse(execFileSync('cat', [join(folder, 'leaks.json')], { encoding: 'utf8' })) as {
      RuleID: string;
    }[];

    const count = (id: string) => report.filter(({ RuleID }) => RuleID === id).length;
    expect([count('latchkey-token'), count('latchkey-x-auth-token'), report.length]).toEqual([
      PLANTED * 1.5,
      PLANTED / 2,
      PLANTED * 2,
    ]);
  });
});

describe('the page', () => {
  it('has no other commands', () => {
    expect(page.notRun.filter((code) => GITLEAKS_MISSING === null || !code.includes('gitleaks'))).toEqual([]);
  });
});
