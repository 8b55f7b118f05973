import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type LeakReportDto, type UserTokenDto } from '@latchkey/auth-models';
import { AuditService } from '../../apps/api/src/audit/trail/audit.service.js';
import { createTokenSecret } from '../../apps/api/src/platform/crypto/secrets.js';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { lookalikes, newUser, PASSWORD } from '../support/factories.js';
import { settleLeakReports, useAdmin, useServer, type RunningServer } from '../support/use-server.js';

type Token = UserTokenDto & { headers: Headers };

/** Creates a user with a token. */
async function createTokenAt({ client }: RunningServer, admin: Headers): Promise<Token> {
  const user = newUser();
  await client.createUser(user, admin);
  const { body } = await client.createUserToken(user.name, admin, { note: 'build server' });
  return { ...body, headers: tokenHeader(body) };
}

/** Creates a token with another. */
async function createBelow({ client }: RunningServer, { headers }: Token): Promise<Token> {
  const { body } = await client.createMyToken(headers);
  return { ...body, headers: tokenHeader(body) };
}

const secretOf = ({ token }: UserTokenDto): string => token ?? '';

async function reportTo(server: RunningServer, tokens: string[], place?: Omit<LeakReportDto, 'tokens'>) {
  const response = await server.client.reportLeak({ tokens, ...place });
  await settleLeakReports(server);
  return response;
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('POST /auth/report-leak', () => {
  const server = useServer();
  const asAdmin = useAdmin(server);
  const createToken = () => createTokenAt(server, asAdmin);
  const report = (tokens: string[], place?: Omit<LeakReportDto, 'tokens'>) => reportTo(server, tokens, place);
  const codeOf = async (headers: Headers) => (await server.client.me(headers)).body.code;
  const failNextRecords = (times: number) => {
    const record = jest.spyOn(server.app.get(AuditService, { strict: false }), 'record');
    for (let count = 0; count < times; count += 1) {
      record.mockRejectedValueOnce(new Error('disk full'));
    }
  };
  const lastEntry = async (id: string) =>
    (await server.client.auditEvents(asAdmin, `?subject=${id}&size=1`)).body.items[0];

  it.each<[string, (token: UserTokenDto) => string]>([
    ['a token', secretOf],
    ['the value of X-Auth-Token', (token) => tokenHeader(token)['X-Auth-Token'] ?? ''],
    [
      'the value of X-Auth-Token with another user',
      (token) => Buffer.from(`me:${token.token}`).toString('base64'),
    ],
  ])('revokes the reported token when it gets %s', async (_, text) => {
    const token = await createToken();
    const other = await createToken();
    expect((await server.client.me(token.headers)).status).toBe(200);

    const { status } = await report([text(token)]);

    expect(status).toBe(202);
    expect(await codeOf(token.headers)).toBe('token_revoked');
    expect((await server.client.me(other.headers)).status).toBe(200);
  });

  it('revokes the descendants of the token too', async () => {
    const token = await createToken();
    const below = await createBelow(server, token);

    await report([secretOf(token)]);

    expect(await codeOf(below.headers)).toBe('token_revoked');
    const { after } = (await lastEntry(token.id)) ?? {};
    expect(after).toMatchObject({ effect: 'revoked', descendants: [below.id] });
  });

  it('records the leak report as actor, with source, URL and the address of its sender', async () => {
    const token = await createToken();

    await report([secretOf(token)], { source: 'gitleaks', url: 'https://git.example.org/a/b#L1' });

    expect(await lastEntry(token.id)).toMatchObject({
      action: 'authn_token_leaked',
      actor: { id: 'leak-report', name: 'leak report' },
      subject: { kind: 'token', id: token.id, name: token.user },
      address: '127.0.0.1',
      after: {
        effect: 'revoked',
        note: 'build server',
        tokenPreview: token.tokenPreview,
        source: 'gitleaks',
        url: 'https://git.example.org/a/b#L1',
      },
    });
    const { body } = await server.client.auditEvents(asAdmin, '?actor=leak-report&size=1');
    expect(body.items[0]?.subject.id).toBe(token.id);
  });

  it('shows the report on the token, and finds it in the lists of its user and of administrators', async () => {
    const token = await createToken();
    const asOwner = await server.client.loginHeaders(token.user, PASSWORD);

    await report([secretOf(token)]);

    const { body: shown } = await server.client.token(token.id, asOwner);
    expect(shown.leakReportTime).toMatch(/Z$/);
    const query = '?leaked=true&state=revoked';
    expect((await server.client.myTokens(asOwner, query)).body.items).toEqual([shown]);
    expect((await server.client.tokens(asAdmin, `${query}&user=${token.user}`)).body.items).toEqual([shown]);
    const { body: others } = await server.client.myTokens(asOwner, '?leaked=false&state=active,revoked');
    expect(others.items).toHaveLength(1);
  });

  it('revokes a superseded secret, and keeps the current one', async () => {
    const token = await createToken();
    const { body: rotated } = await server.client.rotateToken(token.id, asAdmin, { gracePeriodSeconds: 600 });
    expect((await server.client.verify(token.headers)).status).toBe(200);

    await report([secretOf(token)]);

    expect((await server.client.verify(token.headers)).status).toBe(401);
    expect((await server.client.me(tokenHeader(rotated))).status).toBe(200);
    expect((await lastEntry(token.id))?.after).toMatchObject({ effect: 'superseded_secret_revoked' });
  });

  it('has no effect on a rotated or revoked secret, and reports a token once', async () => {
    const token = await createToken();
    const { body: rotated } = await server.client.rotateToken(token.id, asAdmin);

    await report([secretOf(token)]);
    expect((await server.client.me(tokenHeader(rotated))).status).toBe(200);

    await report([secretOf(rotated), secretOf(rotated)]);
    const { body } = await server.client.auditEvents(
      asAdmin,
      `?subject=${token.id}&action=authn_token_leaked`,
    );
    expect(body.items).toHaveLength(1);
  });

  it('attempts a failed change again', async () => {
    const token = await createToken();
    failNextRecords(1);

    await report([secretOf(token)]);

    expect(await codeOf(token.headers)).toBe('token_revoked');
  });

  it('changes the other tokens, and logs the id of the token, if a change fails twice', async () => {
    const [failing, other] = [await createToken(), await createToken()];
    failNextRecords(2);

    await report([secretOf(failing), secretOf(other)]);

    expect(await codeOf(failing.headers)).toBeUndefined();
    expect(await codeOf(other.headers)).toBe('token_revoked');
    expect(server.log).toMatch(
      new RegExp(`"tokenId":"${failing.id}".*A leaked token could not be revoked or disabled`),
    );
    await report([secretOf(failing)]);
    expect(await codeOf(failing.headers)).toBe('token_revoked');
  });

  it('finds tokens and values for X-Auth-Token in text', async () => {
    const [bare, prefixed, pair] = [await createToken(), await createToken(), await createToken()];
    const text = `{"Secret": "${bare.token}", "Match": "${bare.token}"}\nexport T_${prefixed.token};\nX-Auth-Token: ${pair.headers['X-Auth-Token']}\n`;

    const { status } = await fetch(`${server.client.baseUrl}/auth/report-leak`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain' },
      body: text,
    });
    await settleLeakReports(server);

    expect(status).toBe(202);
    for (const { headers } of [bare, prefixed, pair]) {
      expect(await codeOf(headers)).toBe('token_revoked');
    }
  });

  it('accepts a text with any number of lookalikes', async () => {
    const token = await createToken();

    const { status } = await fetch(`${server.client.baseUrl}/auth/report-leak`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain' },
      body: [...lookalikes(1_001), token.token].join('\n'),
    });
    await settleLeakReports(server);

    expect(status).toBe(202);
    expect(await codeOf(token.headers)).toBe('token_revoked');
  });

  it('sends the same status, body and header fields, whatever matched', async () => {
    const token = await createToken();
    const texts = [secretOf(token), createTokenSecret(), 'no token', secretOf(token)];
    const responses = [];
    for (const text of texts) {
      const { status, text: body, headers } = await report([text]);
      responses.push({ status, body, names: [...headers.keys()] });
    }

    expect(new Set(responses.map((response) => JSON.stringify(response))).size).toBe(1);
    expect(responses[0]).toMatchObject({ status: 202, body: '' });
  });

  it.each<[string, unknown]>([
    ['no list', {}],
    ['a number instead of a text', { tokens: [1] }],
    ['more than 1,000 tokens', { tokens: Array.from({ length: 1_001 }, () => 'x') }],
    ['a long token', { tokens: ['x'.repeat(257)] }],
    ['a URL of another scheme', { tokens: [], url: 'javascript:alert(1)' }],
    ['a URL with a line feed', { tokens: [], url: 'https://a.example/\nb' }],
    ['an unknown member', { tokens: [], type: 'a' }],
  ])('returns 422 for %s', async (_, body) => {
    const { status } = await server.client.request('POST', '/auth/report-leak', { body });

    expect(status).toBe(422);
  });

  it('accepts 1,000 values for X-Auth-Token', async () => {
    const token = await createToken();
    const values = Array.from({ length: 999 }, () =>
      tokenHeader({ user: 'x'.repeat(64), token: createTokenSecret() }),
    );
    const texts = [...values, token.headers].map((headers) => headers['X-Auth-Token'] ?? '');

    expect((await report(texts)).status).toBe(202);
    expect(await codeOf(token.headers)).toBe('token_revoked');
  });
});

describe('POST /auth/report-leak with LATCHKEY_LEAKED_TOKENS=disable', () => {
  const server = useServer({ environment: { LATCHKEY_LEAKED_TOKENS: 'disable' } });
  const asAdmin = useAdmin(server);

  it('disables the token, keeps its descendants, and works again after a rotation', async () => {
    const token = await createTokenAt(server, asAdmin);
    const below = await createBelow(server, token);

    await reportTo(server, [secretOf(token)]);

    expect((await server.client.me(token.headers)).body.code).toBe('token_disabled');
    expect((await server.client.me(below.headers)).status).toBe(200);
    const { body: trail } = await server.client.auditEvents(asAdmin, `?subject=${token.id}&size=1`);
    expect(trail.items[0]?.after).toMatchObject({ effect: 'disabled' });

    const { body: rotated } = await server.client.rotateToken(token.id, asAdmin, { gracePeriodSeconds: 600 });
    const { version } = rotated;
    const { body: enabled } = await server.client.updateToken(token.id, { enabled: true, version }, asAdmin);
    expect(enabled.leakReportTime).toBeUndefined();
    expect((await server.client.me(tokenHeader(rotated))).status).toBe(200);
    expect((await server.client.verify(token.headers)).status).toBe(401);
  });

  it.each<[string, boolean]>([
    ['an enabled token', true],
    ['a token that was already disabled', false],
  ])('rejects enabling %s, alone and in bulk, until it is rotated', async (_, isEnabled) => {
    const token = await createTokenAt(server, asAdmin);
    if (!isEnabled) {
      await server.client.updateToken(token.id, { enabled: false, version: 0 }, asAdmin);
    }
    await reportTo(server, [secretOf(token)]);
    const { body: disabled } = await server.client.token(token.id, asAdmin);
    const enable = (version: number) =>
      server.client.updateToken(token.id, { enabled: true, version }, asAdmin);
    const enableInBulk = async () => {
      const { body } = await server.client.bulkTokens({ action: 'enable', ids: [token.id] }, asAdmin);
      return body.results?.map(({ status, code }) => [status, code]);
    };

    const { status, body } = await enable(disabled.version);

    expect([status, body.code]).toEqual([409, 'conflict']);
    expect(body.detail).toMatch(/^This token leaked\. Rotate it first/);
    expect(await enableInBulk()).toEqual([[409, 'conflict']]);
    expect((await server.client.me(token.headers)).body.code).toBe('token_disabled');

    await server.client.rotateToken(token.id, asAdmin);
    expect(await enableInBulk()).toEqual([[200, undefined]]);
  });
});
