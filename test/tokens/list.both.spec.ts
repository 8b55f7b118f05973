import { beforeAll, describe, expect, it } from '@jest/globals';
import { TOKEN_SORT_FIELDS, TOKEN_STATES, type UserTokenDto } from '@latchkey/auth-models';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { describeOnce, IS_DEEP } from '../support/deep.js';
import { newRole, newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer, flushTokenUsage } from '../support/use-server.js';
import { insertTokens, insertManyTokens, type TokenRow } from '../support/token-rows.js';

const server = useServer();
const asAdmin = useAdmin(server);

describeOnce('all tokens', () => {
  const DAY = 86_400_000;
  const NOW = Date.now();
  const iso = (time: number) => new Date(time).toISOString();

  /** Time at which all of Bert's older tokens were revoked. */
  const BERTS_END = NOW - 50 * DAY;

  const TOKENS: TokenRow[] = [
    {
      id: 'plain',
      user: 'anne',
      note: 'Ünals Laptop',
      lastUsageTime: NOW - 1_000,
      expirationTime: NOW + 90 * DAY,
    },
    {
      id: 'session',
      user: 'anne',
      kind: 'session',
      idleExpirationTime: NOW + DAY,
      expirationTime: NOW + 30 * DAY,
    },
    {
      id: 'pending',
      user: 'anne',
      lastUsageTime: NOW - 1,
      notBefore: NOW + DAY,
      expirationTime: NOW + 90 * DAY,
    },
    { id: 'endless', user: 'anne', note: 'backup', lastUsageTime: NOW - 9 * DAY },
    { id: 'expiring', user: 'anne', note: '100%_sure\\', expirationTime: NOW + 13 * DAY },
    { id: 'off', user: 'anne', note: 'backup', enabled: false, expirationTime: NOW + 13 * DAY },
    {
      id: 'grace',
      user: 'anne',
      note: 'zeta',
      previousExpirationTime: NOW + DAY,
      expirationTime: NOW + 90 * DAY,
    },
    { id: 'past-grace', user: 'anne', previousExpirationTime: NOW - DAY, expirationTime: NOW + 90 * DAY },
    { id: 'old', user: 'anne', creationTime: NOW - 400 * DAY, preview: 'latchkey_…QxZ9' },
    { id: 'expired', user: 'anne', expirationTime: NOW - 1, enabled: false },
    { id: 'idle', user: 'anne', kind: 'session', idleExpirationTime: NOW - 1, expirationTime: NOW + DAY },
    { id: 'revoked', user: 'anne', revocationTime: NOW - DAY, expirationTime: NOW - 1 },
    { id: 'ended', user: 'bert', stamp: BERTS_END, expirationTime: NOW + 90 * DAY },
    { id: 'stamped', user: 'bert', stamp: BERTS_END + 1, expirationTime: NOW + 90 * DAY },
  ];
  let asAnne: Headers;
  let login: UserTokenDto;

  beforeAll(async () => {
    const users = [
      { name: 'anne', displayName: 'Änne Öhm', password: PASSWORD },
      { name: 'bert', email: 'BERT@example.org', enabled: false },
      { name: 'zoe', roles: [] },
    ];
    for (const user of users) {
      expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
    }
    await server.database.execute(
      `UPDATE users SET "tokensRevokedBefore" = ${BERTS_END} WHERE name = 'bert'`,
      insertTokens(...TOKENS),
    );
    login = (await server.client.login('anne', PASSWORD, { body: { note: 'login' } })).body;
    asAnne = tokenHeader(login);
    // The first use of each is written after the response, which changes the result of some filters.
    await Promise.all([server.client.verify(asAdmin), server.client.verify(asAnne)]);
    await flushTokenUsage(server);
  });

  /** Returns the sorted ids that a query lists, without the tokens of this test. */
  async function ids(query: string, headers = asAdmin): Promise<string[]> {
    const { status, body } = await server.client.tokens(headers, `?size=200&${query}`);
    expect([query, status]).toEqual([query, 200]);
    expect(body.total).toBe(body.items.length);
    return inTest(body.items).sort();
  }

  const inTest = (items: readonly UserTokenDto[]) =>
    items.map(({ id }) => id).filter((id) => TOKENS.some((token) => token.id === id));

  const LIVE = [
    'endless',
    'expiring',
    'grace',
    'off',
    'old',
    'past-grace',
    'pending',
    'plain',
    'session',
    'stamped',
  ];

  describe('GET /tokens', () => {
    it('returns valid tokens of all users, newest first', async () => {
      const { body } = await server.client.tokens(asAdmin);

      expect(inTest(body.items).sort()).toEqual(LIVE);
      expect(body.items.at(-1)?.id).toBe('old');
      expect(new Set(body.items.map(({ user }) => user))).toEqual(new Set(['admin', 'anne', 'bert']));
    });

    it("returns only the caller's own tokens without tokens:read", async () => {
      expect(await ids('', asAnne)).toEqual(LIVE.filter((id) => id !== 'stamped'));
      expect(await ids('state=revoked', asAnne)).toEqual(['revoked']);
      expect(await ids('user=bert', asAnne)).toEqual([]);
      expect(await ids('q=bert', asAnne)).toEqual([]);
    });

    it('returns no secret and no digest', async () => {
      const { text } = await server.client.tokens(asAdmin, '?size=200&state=active,revoked,expired');

      expect(text).not.toMatch(/digest|"token"/);
      expect(text).not.toContain(login.token);
    });

    it.each([
      ['user=anne&state=active', ['endless', 'grace', 'old', 'past-grace', 'plain', 'session']],
      ['user=ANNE&kind=session', ['session']],
      ['user=%EF%BC%A1nne&kind=session', ['session']],
      ['user=nobody', []],
      ['kind=session', ['session']],
      ['kind=api', LIVE.filter((id) => id !== 'session')],
      ['enabled=false', ['off']],
      ['enabled=true', LIVE.filter((id) => id !== 'off')],
      ['enabled=false&state=expired', ['expired']],
      ['state=expiring', ['expiring']],
      ['state=pending', ['pending']],
      ['state=disabled', ['off', 'stamped']],
      ['state=expired', ['expired', 'idle']],
      ['state=revoked', ['ended', 'revoked']],
      ['state=expiring,expired,revoked', ['ended', 'expired', 'expiring', 'idle', 'revoked']],
      ['state=active,expiring,pending,expired,disabled,revoked', TOKENS.map(({ id }) => id).sort()],
      ['neverUsed=true', LIVE.filter((id) => !['plain', 'endless', 'pending'].includes(id))],
      ['neverUsed=false', ['endless', 'pending', 'plain']],
      ['unusedSinceDays=9', ['endless', 'old']],
      ['unusedSinceDays=10', ['old']],
      ['unusedSinceDays=401', []],
      ['noExpiry=true', ['endless', 'old']],
      ['noExpiry=false&kind=session', ['session']],
      ['ownerDisabled=true', ['stamped']],
      ['ownerDisabled=true&state=revoked', ['ended']],
      ['ownerDisabled=false&state=revoked', ['revoked']],
      ['inGrace=true', ['grace']],
      [
        'inGrace=false&noExpiry=false&kind=api',
        ['expiring', 'off', 'past-grace', 'pending', 'plain', 'stamped'],
      ],
      [`createdTo=${iso(NOW - DAY)}`, ['old']],
      [`createdFrom=${iso(NOW - DAY)}&kind=session`, ['session']],
      [`lastUsedFrom=${iso(NOW - 9 * DAY)}&lastUsedTo=${iso(NOW - 9 * DAY + 1)}`, ['endless']],
      [`lastUsedTo=${iso(NOW - 9 * DAY)}`, []],
      [`expiresFrom=${iso(NOW + 13 * DAY)}&expiresTo=${iso(NOW + 13 * DAY + 1)}`, ['expiring', 'off']],
      [`expiresFrom=${iso(NOW + 13 * DAY + 1)}&expiresTo=${iso(NOW + 30 * DAY)}`, []],
      ['q=BACKUP&enabled=true', ['endless']],
    ])('filters by %s, and counts the matches', async (filter, expected) => {
      expect(await ids(filter)).toEqual([...expected].sort());
    });

    it.each([
      ['a note in lower case beyond ASCII', 'ünals', ['plain']],
      ['a note in upper case', 'BACKUP', ['endless', 'off']],
      ['a user’s name', 'BER', ['stamped']],
      ['a display name beyond ASCII', 'änne ö', LIVE.filter((id) => id !== 'stamped')],
      ['an e-mail address', 'rt@exam', ['stamped']],
      ['a preview', 'qxz9', ['old']],
      ['the end of a preview as it is shown', '…QxZ9', ['old']],
      ['a percent sign, an underscore and a backslash as they are', '%_SURE\\', ['expiring']],
      ['SQL', "' OR 1=1 --", []],
    ])('searches for %s', async (_, q, expected) => {
      expect(await ids(`q=${encodeURIComponent(q)}`)).toEqual(expected);
    });

    it('searches only for names, not for display names or e-mail addresses, with tokens:read only', async () => {
      const role = newRole({ permissions: ['tokens:read'] });
      await server.client.createRole(role, asAdmin);
      const reader = newUser({ roles: [role.name] });
      await server.client.createUser(reader, asAdmin);
      const asReader = await server.client.loginHeaders(reader.name, PASSWORD);
      const found: Record<string, unknown> = {};
      for (const q of ['bert', 'änne ö', 'rt@exam']) {
        const query = `?q=${encodeURIComponent(q)}`;
        const ofUser = await server.client.userTokens('bert', asReader, query);
        const dryRun = { action: 'revoke', filter: { q }, dryRun: true } as const;
        const inBulk = await server.client.bulkTokens(dryRun, asReader);
        found[q] = [await ids(query.slice(1), asReader), ofUser.body.total, inBulk.body.count];
      }
      // Writes the reader's first use now. Otherwise, it could be written while a later test sorts by it.
      await flushTokenUsage(server);

      expect(found).toEqual({ bert: [['stamped'], 1, 1], 'änne ö': [[], 0, 0], 'rt@exam': [[], 0, 0] });
    });

    it.each(TOKEN_SORT_FIELDS.flatMap((field) => [field, `-${field}`]))('sorts by %s', async (sort) => {
      const { body } = await server.client.tokens(asAdmin, `?size=200&sort=${sort}`);

      const field = sort.replace('-', '') as keyof UserTokenDto;
      const valueOf = (token: UserTokenDto) =>
        field === 'state' ? TOKEN_STATES.indexOf(token.state) : (token[field] ?? '');
      const values = body.items.map(valueOf) as (string | boolean | number)[];
      const ascending = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      expect(values).toEqual(sort.startsWith('-') ? ascending.reverse() : ascending);
      expect(inTest(body.items)).toHaveLength(LIVE.length);
    });

    it('sorts by state from valid to revoked', async () => {
      const { body } = await server.client.tokens(
        asAdmin,
        `?size=200&sort=state&state=${TOKEN_STATES.join(',')}`,
      );

      expect([...new Set(body.items.map(({ state }) => state))]).toEqual(TOKEN_STATES);
    });

    it('sorts by several fields, and by id within equal values', async () => {
      const { body } = await server.client.tokens(asAdmin, '?sort=-lastUsageTime,user&user=anne');

      expect(inTest(body.items)).toEqual([
        'pending',
        'plain',
        'endless',
        'expiring',
        'grace',
        'off',
        'old',
        'past-grace',
        'session',
      ]);
    });

    it('returns each token once across pages', async () => {
      const pages = [];
      for (let page = 1; page <= 3; page += 1) {
        const { body, headers } = await server.client.tokens(asAdmin, `?sort=kind&size=4&page=${page}`);
        pages.push({ items: body.items.length, total: body.total, link: headers.get('link') });
        expect(body.page).toBe(page);
      }

      expect(new Set(pages.map(({ total }) => total)).size).toBe(1);
      expect(pages[1]?.link).toContain('</tokens?sort=kind&size=4&page=3>; rel="next"');
    });
  });

  describe('GET /tokens as rows', () => {
    it('returns matching tokens as CSV, in the requested order', async () => {
      const { headers, text } = await server.client.tokens(
        { ...asAdmin, Accept: 'text/csv' },
        '?state=revoked&sort=-user',
      );

      const [head, ...rows] = text.trim().split('\r\n');
      expect(headers.get('content-type')).toContain('text/csv');
      expect(head).toMatch(/^id,user,kind,note,enabled,state,permissions,roles,allowedAddresses,/);
      expect(rows.map((row) => row.split(',').slice(0, 6).join())).toEqual([
        'ended,bert,api,,true,revoked',
        'revoked,anne,api,,true,revoked',
      ]);
    });

    it("returns matching tokens as JSON lines, without other users' tokens if tokens:read is missing", async () => {
      const { text } = await server.client.tokens(
        { ...asAnne, Accept: 'application/x-ndjson' },
        '?state=revoked',
      );

      expect(
        text
          .trim()
          .split('\n')
          .map((line) => (JSON.parse(line) as UserTokenDto).id),
      ).toEqual(['revoked']);
    });

    it('returns only the header for an unknown user', async () => {
      const { text } = await server.client.tokens({ ...asAdmin, Accept: 'text/csv' }, '?user=nobody');

      expect(text.trim().split('\r\n')).toHaveLength(1);
    });

    it('returns 400 for page and size', async () => {
      const { status } = await server.client.tokens({ ...asAdmin, Accept: 'text/csv' }, '?page=1');

      expect(status).toBe(400);
    });
  });
});

describeOnce('GET /me/tokens', () => {
  /** Creates a user and logs in once for each note. */
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

  /** Returns the token with this number, which has to exist. */
  const at = <T>(items: readonly T[], index: number) => items[index] as T;

  /** Sessions of two users, which tests only read. */
  let notes: Awaited<ReturnType<typeof signUp>>['tokens'];
  let letters: typeof notes;

  beforeAll(async () => {
    ({ tokens: notes } = await signUp('my laptop', 'ÄRGERNIS', 'ärger'));
    ({ tokens: letters } = await signUp('b', 'a', 'c'));
    // Without this, the first write could fall between the queries of a list.
    await server.client.myTokens(at(letters, 0).headers);
    await flushTokenUsage(server);
  });

  const change = (id: string, what: string) =>
    server.database.execute(`UPDATE "tokens" SET ${what} WHERE "id" = '${id}'`);

  it("returns the user's own tokens, newest first, without secrets", async () => {
    const { tokens } = await signUp('first', 'second');

    const { status, body, text } = await server.client.myTokens(at(tokens, 0).headers);

    // The last use is written after the response, so it may be missing.
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

    expect(body.items[0]?.tokenPreview).toBe(`latchkey_…${at(tokens, 0).token?.slice(-4)}`);
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
    ['a note beyond ASCII', 'ÄRGERN', ['ÄRGERNIS']],
    ['a note in other letters', 'ärger', ['ärger', 'ÄRGERNIS']],
    ['nothing', 'no such note', []],
  ])('searches for %s', async (_, q, expected) => {
    const { body } = await server.client.myTokens(at(notes, 0).headers, `?q=${encodeURIComponent(q)}`);

    expect(body.items.map(({ note }) => note)).toEqual(expected);
  });

  it('searches for the last four characters', async () => {
    const { token, note } = at(notes, 1);

    const { body } = await server.client.myTokens(at(notes, 0).headers, `?q=${token?.slice(-4)}`);

    expect(body.items.map((item) => item.note)).toContain(note);
  });

  it.each(TOKEN_SORT_FIELDS.flatMap((field) => [field, `-${field}`]))('sorts by %s', async (sort) => {
    const { body } = await server.client.myTokens(at(letters, 0).headers, `?sort=${sort}`);

    const values = body.items.map((token) => token[sort.replace('-', '') as keyof UserTokenDto] ?? '');
    const ascending = [...values].sort();
    expect(values).toEqual(sort.startsWith('-') ? ascending.reverse() : ascending);
    expect(body.total).toBe(3);
  });

  it.each(['text/csv', 'application/x-ndjson'])('is available as %s', async (type) => {
    const { status, headers, text } = await server.client.request('GET', '/me/tokens?sort=note', {
      headers: { ...at(letters, 0).headers, Accept: type },
    });

    const rows = text
      .trim()
      .split('\n')
      .slice(type === 'text/csv' ? 1 : 0);
    expect([status, headers.get('content-type')?.split(';')[0]]).toEqual([200, type]);
    expect(rows.map((row) => letters.find(({ id }) => row.includes(id))?.note)).toEqual(['a', 'b', 'c']);
  });
});

describe('GET /tokens with many tokens', () => {
  const TOKENS = IS_DEEP ? 25_000 : 5_000;
  const SIZE = 200;
  const EVERY_STATE = 'state=active,expiring,pending,expired,disabled,revoked';

  beforeAll(() => server.database.execute(insertManyTokens({ users: TOKENS / 50, tokens: TOKENS })));

  const idsOf = (items: readonly UserTokenDto[]) => items.map(({ id }) => id);

  function linesOf(text: string): UserTokenDto[] {
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as UserTokenDto);
  }

  it.each(['-lastUsageTime,user', 'note', 'kind'])(
    'returns the rows of the complete list on its pages, also on the last: %s',
    async (sort) => {
      const { text } = await server.client.tokens(
        { ...asAdmin, Accept: 'application/x-ndjson' },
        `?user=many-7&sort=${sort}`,
      );
      const { body } = await server.client.tokens(asAdmin, `?user=many-7&size=200&sort=${sort}`);
      const all = await server.client.tokens(
        { ...asAdmin, Accept: 'application/x-ndjson' },
        `?${EVERY_STATE}&kind=api&sort=${sort}`,
      );

      const whole = linesOf(all.text);
      expect(idsOf(body.items)).toEqual(idsOf(linesOf(text)));
      expect(new Set(idsOf(whole)).size).toBe(whole.length);
      for (const page of [1, 2, Math.ceil(whole.length / SIZE) - 1, Math.ceil(whole.length / SIZE)]) {
        const { body: deep } = await server.client.tokens(
          asAdmin,
          `?${EVERY_STATE}&kind=api&sort=${sort}&size=${SIZE}&page=${page}`,
        );
        expect(deep.total).toBe(whole.length);
        expect(idsOf(deep.items)).toEqual(idsOf(whole.slice((page - 1) * SIZE, page * SIZE)));
      }
    },
  );

  it('returns the rows of the complete list on pages read from the other end', async () => {
    const query = `?${EVERY_STATE}&kind=api&sort=creationTime`;
    const { text } = await server.client.tokens({ ...asAdmin, Accept: 'application/x-ndjson' }, query);
    const whole = linesOf(text);
    const last = Math.ceil(whole.length / SIZE);
    const middle = Math.ceil(last / 2);

    for (const page of [middle - 1, middle, middle + 1, middle + 2, last - 5, last - 1, last, last + 1]) {
      const { body } = await server.client.tokens(asAdmin, `${query}&size=${SIZE}&page=${page}`);
      expect(idsOf(body.items)).toEqual(idsOf(whole.slice((page - 1) * SIZE, page * SIZE)));
    }
    const stored = await server.database.query<{ id: string }>(
      `SELECT "id" FROM "tokens" WHERE "kind" = 'api'`,
    );
    expect(idsOf(whole).sort()).toEqual(stored.map(({ id }) => id).sort());
  });
});
