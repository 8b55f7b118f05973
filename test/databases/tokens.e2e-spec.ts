import { describe, expect, it } from '@jest/globals';
import { TOKEN_SORT_FIELDS, type UserTokenDto } from '@latchkey/auth-models';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

/** Makes a user, and logs in once for each note. */
async function signUp(...notes: string[]) {
  const user = newUser();
  expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
  const tokens: (UserTokenDto & { headers: Headers })[] = [];
  for (const note of notes) {
    const { body } = await server.client.login(user.name, PASSWORD, { body: { note } });
    tokens.push({ ...body, headers: tokenHeader(body) });
  }
  return { name: user.name, tokens };
}

/** The token with this number; the tests know that there is one. */
const at = <T>(items: readonly T[], index: number) => items[index] as T;

describe('GET /me/tokens', () => {
  it("returns the user's own tokens, newest first, without secrets", async () => {
    const { tokens } = await signUp('first', 'second');

    const { status, body, text } = await server.client.myTokens(at(tokens, 0).headers);

    // Last use is written beside the request, so it may be there already or not.
    const items = body.items.map(
      ({ lastUsageTime: _, lastUsageAddress: __, lastUsageAgent: ___, ...item }) => item,
    );
    expect(items).toEqual(tokens.map(({ token: _, headers: __, ...rest }) => rest).reverse());
    expect([status, body.page, body.size, body.total]).toEqual([200, 1, 25, 2]);
    for (const { token } of tokens) {
      expect(text).not.toContain(token);
    }
  });

  it('returns prefix and last four characters of the secret', async () => {
    const { tokens } = await signUp('one');

    const { body } = await server.client.myTokens(at(tokens, 0).headers);

    expect(body.items[0]?.tokenPreview).toBe(`lk_…${at(tokens, 0).token?.slice(-4)}`);
  });

  it('leaves out expired and revoked tokens', async () => {
    const { tokens } = await signUp('kept', 'logged out', 'expired', 'idle', 'disabled');
    await server.client.logout(at(tokens, 1).headers);
    await change(at(tokens, 2).id, '"expirationTime" = 1');
    await change(at(tokens, 3).id, '"idleExpirationTime" = 1');
    await change(at(tokens, 4).id, '"enabled" = FALSE');

    const { body } = await server.client.myTokens(at(tokens, 0).headers);

    expect(body.items.map(({ note }) => note)).toEqual(['disabled', 'kept']);
    expect(body.total).toBe(2);
  });

  it.each([
    ['a note', 'LAPTOP', ['my laptop']],
    ['a note beyond ASCII', 'ÄRGER', ['ärger']],
    ['a note in other letters', 'ärger', ['ärger', 'ÄRGERNIS']],
    ['nothing', 'no such note', []],
  ])('searches for %s', async (_, q, expected) => {
    const { tokens } = await signUp('my laptop', ...(q === 'ärger' ? ['ÄRGERNIS'] : []), 'ärger');

    const { body } = await server.client.myTokens(at(tokens, 0).headers, `?q=${encodeURIComponent(q)}`);

    expect(body.items.map(({ note }) => note)).toEqual(expected);
  });

  it('searches for the last four characters', async () => {
    const { tokens } = await signUp('one', 'two', 'three');

    const { body } = await server.client.myTokens(
      at(tokens, 0).headers,
      `?q=${at(tokens, 1).token?.slice(-4)}`,
    );

    expect(body.items.map(({ note }) => note)).toContain('two');
  });

  it.each(TOKEN_SORT_FIELDS.flatMap((field) => [field, `-${field}`]))('sorts by %s', async (sort) => {
    const { tokens } = await signUp('b', 'a', 'c');

    const { body } = await server.client.myTokens(at(tokens, 0).headers, `?sort=${sort}`);

    const values = body.items.map((token) => token[sort.replace('-', '') as keyof UserTokenDto] ?? '');
    const ascending = [...values].sort();
    expect(values).toEqual(sort.startsWith('-') ? ascending.reverse() : ascending);
    expect(body.total).toBe(3);
  });

  it.each(['text/csv', 'application/x-ndjson'])('is available as %s', async (type) => {
    const { tokens } = await signUp('a', 'b', 'c');

    const { status, headers, text } = await server.client.request('GET', '/me/tokens?sort=note', {
      headers: { ...at(tokens, 0).headers, Accept: type },
    });

    const rows = text
      .trim()
      .split('\n')
      .slice(type === 'text/csv' ? 1 : 0);
    expect([status, headers.get('content-type')?.split(';')[0]]).toEqual([200, type]);
    expect(rows.map((row) => tokens.find(({ id }) => row.includes(id))?.note)).toEqual(['a', 'b', 'c']);
  });

  it('pages with a link to the next', async () => {
    const { tokens } = await signUp('a', 'b', 'c');

    const { headers, body } = await server.client.myTokens(at(tokens, 0).headers, '?size=2&sort=note');

    expect(body.items.map(({ note }) => note)).toEqual(['a', 'b']);
    expect(headers.get('link')).toContain('</me/tokens?size=2&sort=note&page=2>; rel="next"');
  });
});

describe('DELETE /tokens/{id}', () => {
  it('returns 204 and revokes that token at once, and no other', async () => {
    const { tokens } = await signUp('one', 'two');

    const { status, text } = await server.client.revokeToken(at(tokens, 1).id, at(tokens, 0).headers);

    expect([status, text]).toEqual([204, '']);
    expect((await server.client.me(at(tokens, 1).headers)).body.code).toBe('token_revoked');
    expect((await server.client.me(at(tokens, 0).headers)).status).toBe(200);
  });

  it('revokes the presented token', async () => {
    const { tokens } = await signUp('one');

    await server.client.revokeToken(at(tokens, 0).id, at(tokens, 0).headers);

    expect((await server.client.me(at(tokens, 0).headers)).status).toBe(401);
  });

  it("returns the same 404 for another user's token as for an unknown one, and keeps it", async () => {
    const mine = await signUp('mine');
    const theirs = await signUp('theirs');
    const ask = async (id: string) => {
      const { status, body } = await server.client.revokeToken(id, at(mine.tokens, 0).headers);
      const { traceId: _, ...problem } = body;
      return { status, problem };
    };

    const answers = [await ask(at(theirs.tokens, 0).id), await ask('0'), await ask(at(theirs.tokens, 0).id)];

    expect(answers[0]).toMatchObject({ status: 404, problem: { code: 'not_found' } });
    expect(answers).toEqual(Array(3).fill(answers[0]));
    expect((await server.client.me(at(theirs.tokens, 0).headers)).status).toBe(200);
  });

  it('returns 404 the second time', async () => {
    const { tokens } = await signUp('one', 'two');
    const revoke = () => server.client.revokeToken(at(tokens, 1).id, at(tokens, 0).headers);

    expect([(await revoke()).status, (await revoke()).status]).toEqual([204, 404]);
  });

  it('returns 204 to one of 20 parallel requests', async () => {
    const { tokens } = await signUp('one', 'two');

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => server.client.revokeToken(at(tokens, 1).id, at(tokens, 0).headers)),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array<number>(19).fill(404)]);
  });

  it.each(['%00', 'x'.repeat(90), '%27%20OR%201=1', '..%2F..%2Fetc', '%F0%9F%90%8E'])(
    'returns 400 or 404 for the id %s',
    async (id) => {
      expect([400, 404]).toContain((await server.client.revokeToken(id, asAdmin)).status);
    },
  );
});

const change = (id: string, what: string) =>
  server.database.execute(`UPDATE "tokens" SET ${what} WHERE "id" = '${id}'`);
