import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type LeakReportDto, type RotateTokenDto, type UserTokenDto } from '@latchkey/auth-models';
import { AuditService } from '../../apps/api/src/audit/trail/audit.service.js';
import { RotatedSecretsRepository } from '../../apps/api/src/tokens/model/rotated-secrets.repository.js';
import { createTokenSecret, digestOf } from '../../apps/api/src/platform/crypto/secrets.js';
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

  const leaksOf = async (id: string) => {
    const { body } = await server.client.auditEvents(asAdmin, `?subject=${id}&action=authn_token_leaked`);
    return body.items.map(({ after }) => after);
  };

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
    expect(after).toMatchObject({
      effect: 'revoked',
      descendants: [below.id],
      tokens: [token, below].map(({ id }) => ({ id })),
    });
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

  it('has no effect on a revoked secret, and reports a token once', async () => {
    const token = await createToken();

    await report([secretOf(token), secretOf(token)]);
    await report([secretOf(token)]);

    expect(await leaksOf(token.id)).toHaveLength(1);
  });

  describe('after a rotation', () => {
    /** Rotates a token and returns it with the new secret. */
    const rotate = async (
      { id }: UserTokenDto,
      by: Headers,
      dto: RotateTokenDto = {},
      { client } = server,
    ): Promise<Token> => {
      const { status, body } = await client.rotateToken(id, by, dto);
      expect(status).toBe(200);
      return { ...body, headers: tokenHeader(body) };
    };
    const ROTATED_WITH_REPORTED = {
      effect: 'revoked',
      reason: 'The current secret results from a rotation with the reported secret.',
    };
    const ROTATED_BY_OTHERS = {
      effect: 'none',
      reason: 'A caller without the reported secret has rotated the token.',
    };

    it.each([0, 600])(
      'revokes the token if the reported secret rotated it, with a grace period of %s s',
      async (gracePeriodSeconds) => {
        const stolen = await createToken();
        const current = await rotate(stolen, stolen.headers, { gracePeriodSeconds });
        const below = await createBelow(server, current);

        await report([secretOf(stolen)]);

        expect(await codeOf(current.headers)).toBe('token_revoked');
        expect(await codeOf(below.headers)).toBe('token_revoked');
        expect(await leaksOf(stolen.id)).toEqual([
          expect.objectContaining({ ...ROTATED_WITH_REPORTED, descendants: [below.id] }),
        ]);
      },
    );

    it('revokes the token after a chain of rotations, also through another token', async () => {
      const stolen = await createToken();
      const asOwner = await server.client.loginHeaders(stolen.user, PASSWORD);
      const other = (await server.client.createMyToken(asOwner)).body;
      const second = await rotate(stolen, stolen.headers);
      const third = await rotate(stolen, second.headers);
      const stolenToo = await rotate(other, third.headers);
      const current = await rotate(stolen, stolenToo.headers);

      await report([secretOf(stolen)]);

      expect(await codeOf(current.headers)).toBe('token_revoked');
    });

    it('revokes the token if a token created with the reported secret rotated it', async () => {
      const stolen = await createToken();
      const below = await createBelow(server, stolen);
      const current = await rotate(stolen, below.headers);

      await report([secretOf(stolen)]);

      expect(await codeOf(current.headers)).toBe('token_revoked');
    });

    it('revokes the token if the thief deleted the token that rotated it', async () => {
      const stolen = await createToken();
      const below = await createBelow(server, stolen);
      const current = await rotate(stolen, below.headers);
      await server.database.execute(`DELETE FROM "tokens" WHERE "id" = '${below.id}'`);

      await report([secretOf(stolen)]);

      expect(await codeOf(current.headers)).toBe('token_revoked');
    });

    it('keeps the token if a token rotated it that is older than the reported secret', async () => {
      const first = await createToken();
      const below = await createBelow(server, first);
      await server.database.execute(
        `UPDATE "tokens" SET "creationTime" = "creationTime" - 1 WHERE "id" = '${below.id}'`,
      );
      const stolen = await rotate(first, asAdmin);
      const current = await rotate(stolen, below.headers);

      await report([secretOf(stolen)]);

      expect(await codeOf(current.headers)).toBeUndefined();
    });

    it.each<[string, (owner: string) => Promise<Headers>]>([
      ['an administrator', () => Promise.resolve(asAdmin)],
      ["the owner's session", (owner) => server.client.loginHeaders(owner, PASSWORD)],
    ])('keeps the token if %s rotated it, and records the report once', async (_, headersOf) => {
      const stolen = await createToken();
      const below = await createBelow(server, stolen);
      const current = await rotate(stolen, await headersOf(stolen.user));

      await report([secretOf(stolen)]);
      await report([secretOf(stolen)]);

      expect(await codeOf(current.headers)).toBeUndefined();
      expect(await codeOf(below.headers)).toBeUndefined();
      expect(await leaksOf(stolen.id)).toEqual([expect.objectContaining(ROTATED_BY_OTHERS)]);
      expect((await server.client.token(stolen.id, asAdmin)).body).not.toHaveProperty('leakReportTime');
    });

    it('keeps the token once another caller has rotated it after the thief', async () => {
      const stolen = await createToken();
      const thiefs = await rotate(stolen, stolen.headers);
      const current = await rotate(stolen, asAdmin);

      await report([secretOf(stolen), secretOf(thiefs)]);

      expect(await codeOf(current.headers)).toBeUndefined();
    });

    it('still finds the token after further rotations', async () => {
      const stolen = await createToken();
      await rotate(stolen, asAdmin);
      const second = await rotate(stolen, asAdmin);
      const current = await rotate(second, second.headers);

      await report([secretOf(stolen)]);
      expect(await codeOf(current.headers)).toBeUndefined();

      await report([secretOf(second)]);
      expect(await codeOf(current.headers)).toBe('token_revoked');
    });

    it('knows which secrets a token has or had', async () => {
      const first = await createToken();
      const second = await rotate(first, asAdmin);
      const third = await rotate(first, asAdmin);
      const other = await createToken();
      const pairOf = ({ id }: Token, secret: Token) => ({
        tokenId: id,
        digest: digestOf(secretOf(secret)),
        time: Date.now() - 1_000,
      });
      const matching = [first, second, third].map((secret) => pairOf(first, secret));

      const pairs = [...matching, pairOf(first, other), pairOf(other, first), pairOf(other, second)];

      const secrets = server.app.get(RotatedSecretsRepository, { strict: false });
      expect(await secrets.findMatching(pairs)).toEqual(matching);
    });

    it('keeps 2,000 rotated secrets, and rejects rotations that would drop one within a day', async () => {
      const stolen = await createToken();
      const rows = Array.from(
        { length: 1_999 },
        (_, index) =>
          `('${stolen.id} ${index}', '${stolen.id}', ${index - 2_000}, ${Date.now()}, '${stolen.id} ${index + 1}')`,
      );
      await server.database.execute(
        `INSERT INTO "rotated_secrets" ("digest", "tokenId", "version", "rotationTime", "nextDigest") VALUES ${rows.join(', ')}`,
      );
      const current = await rotate(stolen, stolen.headers);

      const { status, body } = await server.client.rotateToken(stolen.id, current.headers);
      expect([status, body.code]).toEqual([409, 'token_limit']);
      expect((await server.client.me(current.headers)).status).toBe(200);

      await server.database.execute(
        `UPDATE "rotated_secrets" SET "rotationTime" = "rotationTime" - 86400000 WHERE "tokenId" = '${stolen.id}'`,
      );
      const latest = await rotate(current, current.headers);
      const [kept] = await server.database.query<{ count: number | string }>(
        `SELECT COUNT(*) AS count FROM "rotated_secrets" WHERE "tokenId" = '${stolen.id}'`,
      );
      expect(Number(kept?.count)).toBe(2_000);
      await report([secretOf(stolen)]);
      expect(await codeOf(latest.headers)).toBe('token_revoked');
    });
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
      new RegExp(`"tokenIds":\\["${failing.id}"\\].*Leaked tokens could not be revoked or disabled`),
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

  it('disables a token that the reported secret rotated, until another caller rotates it', async () => {
    const stolen = await createTokenAt(server, asAdmin);
    const { body: thiefs } = await server.client.rotateToken(stolen.id, stolen.headers);

    await reportTo(server, [secretOf(stolen)]);
    expect((await server.client.me(tokenHeader(thiefs))).body.code).toBe('token_disabled');

    const { body: rotated } = await server.client.rotateToken(stolen.id, asAdmin);
    await server.client.updateToken(stolen.id, { enabled: true, version: rotated.version }, asAdmin);
    await reportTo(server, [secretOf(stolen), secretOf(thiefs)]);
    expect((await server.client.me(tokenHeader(rotated))).status).toBe(200);
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
