import { once } from 'node:events';
import { request, type IncomingMessage, type RequestListener } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { tokenHeader } from '../support/api-client.js';
import { describeIfInstalled, type ExternalProgram } from '../support/external-programs.js';
import { PASSWORD } from '../support/factories.js';
import { waitUntil } from '../support/wait-until.js';
import { echoed } from './echoing-api.js';
import { FORGED, FORGED_FIELDS, sendForgeries } from './forged-fields.js';
import { PROXIES, replaced } from './guarding-proxies.js';
import { valueOf } from './seen-request.js';
import { lineOf, sendTo } from './send-to.js';
import { EDITOR, READER, useGuardedApi } from './use-guarded-api.js';

/** A loopback address other than the one that the proxies connect from. */
const CLIENT = '127.0.0.2';

/** Fields that Latchkey does not need. */
const NEEDLESS = /^(cookie|content-|transfer-|x-forwarded-uri)/;

const guarded = useGuardedApi();

for (const { name, needs, start, statusWithoutUser } of PROXIES) {
  // Covers B30 in docs/explanation/security.md.
  describeIfInstalled(needs, `the ${name} guide`, () => {
    let proxy: ExternalProgram;

    beforeAll(async () => {
      proxy = await start(guarded.tap.authority, guarded.api.authority);
    });

    afterAll(() => proxy.stop());

    beforeEach(() => {
      guarded.tap.questions = [];
      guarded.api.count = 0;
    });

    const get = (path: string, ...lines: string[]) => sendTo(proxy, [`GET ${path} HTTP/1.1`, ...lines]);
    const asEditor = () => lineOf(guarded.editor);
    const asReader = () => lineOf(guarded.reader);

    it('passes the identity to the API, and neither credentials nor cookies', async () => {
      const { latchkey, editor } = guarded;
      const { body: me } = await latchkey.client.me(tokenHeader(editor));
      const cookie = 'Cookie: a=1; __Host-latchkey=latchkey_1';

      const answers = await Promise.all([
        get('/hello', asEditor(), cookie),
        get('/hello', `Authorization: Bearer ${editor.token}`, cookie),
      ]);

      for (const seen of answers.map(echoed)) {
        expect(seen.fields).toEqual(
          expect.arrayContaining([
            `x-auth-user: ${encodeURIComponent(EDITOR)}`,
            `x-auth-user-id: ${me.id}`,
            'x-auth-roles: editor',
            'x-auth-permissions: drafts:read drafts:write',
            'x-auth-methods: pwd',
            `x-auth-token-id: ${editor.id}`,
          ]),
        );
        expect(seen.fields.filter((line) => /^(x-auth-token|authorization|cookie):/.test(line))).toEqual([]);
      }
    });

    it(`passes the same request to the API with each of ${FORGED_FIELDS.length} forged fields as without`, async () => {
      const honest = await get('/hello', asReader());

      const answers = await sendForgeries((lines) => get('/hello', ...lines, asReader()));

      expect(valueOf(echoed(honest), 'x-auth-user')).toBe(READER);
      expect(valueOf(echoed(honest), 'x-forwarded-for')).toBe('127.0.0.1');
      expect(valueOf(echoed(honest), 'x-forwarded-host')).toBe(new URL(proxy.baseUrl).host);
      expect(answers.map(({ status, body }, index) => [FORGED_FIELDS[index], status, body])).toEqual(
        FORGED_FIELDS.map((lines) => [lines, 200, honest.body]),
      );
    });

    it('lets no API token claim the methods of a session', async () => {
      const { body: token } = await guarded.latchkey.client.createMyToken(tokenHeader(guarded.reader), {});

      const answers = await Promise.all(
        ['X-Auth-Methods', 'x-auth-methods', 'X_Auth_Methods', 'X-Auth_Methods', 'X.Auth.Methods'].map(
          (name) => get('/hello', `${name}: passkey`, lineOf(token)),
        ),
      );

      for (const answer of answers) {
        expect(valueOf(echoed(answer), 'x-auth-user')).toBe(READER);
        expect(echoed(answer).fields.filter((line) => /auth.methods|passkey/i.test(line))).toEqual([]);
      }
    });

    it('returns 401 for a request with only a forged field', async () => {
      const answers = await sendForgeries((lines, index) =>
        get(index % 2 === 0 ? '/hello' : '/drafts', ...lines),
      );

      expect(answers.filter(({ status }) => status !== 401)).toEqual([]);
      expect(guarded.api.count).toBe(0);
    });

    it.each(['X-Other: 1', 'X-Auth-Token: junk', 'Cookie: __Host-latchkey=latchkey_1'])(
      'returns 401 with the challenge for a request with only %p',
      async (line) => {
        const { status, headers } = await get('/hello', line);

        expect([status, guarded.api.count]).toEqual([401, 0]);
        expect(headers['www-authenticate']).toMatch(/^XAuthToken /);
      },
    );

    it.each(['X-Other: 1', 'Via: 1.1 cdn', 'CF-Connecting-IP: 127.0.0.1', 'X-Client-IP: 127.0.0.1'])(
      'accepts a token that is limited to the address of the client, with %p',
      async (line) => {
        const { latchkey, reader } = guarded;
        const create = async (address: string) =>
          (await latchkey.client.createMyToken(tokenHeader(reader), { allowedAddresses: [address] })).body;

        expect((await get('/hello', lineOf(await create('127.0.0.1')), line)).status).toBe(200);
        expect((await get('/hello', lineOf(await create('192.0.2.1')), line)).status).toBe(403);
      },
    );

    it('returns 401 after a logout', async () => {
      const { client } = guarded.latchkey;
      const { body: token } = await client.login(READER, PASSWORD);
      expect((await get('/hello', lineOf(token))).status).toBe(200);

      await client.logout(tokenHeader(token));

      expect((await get('/hello', lineOf(token))).status).toBe(401);
    });

    it.each([
      ...['/drafts', '/drafts?role=user', '/drafts/1', '/Drafts', '//drafts', '/%64rafts', '/./drafts'],
      ...['/hello/../drafts', '/%2e/drafts'],
    ])('returns 403 for %s without the permission', async (path) => {
      const answers = [await get(path, asEditor()), await get(path, asReader())];

      expect(answers.map(({ status }) => status)).toEqual([200, 403]);
      expect(guarded.api.count).toBe(1);
    });

    it('requires the permission for an encoded slash too, or returns 404 to everyone', async () => {
      const answers = [await get('/drafts%2F1', asEditor()), await get('/drafts%2F1', asReader())];

      expect([
        [200, 403],
        [404, 404],
      ]).toContainEqual(answers.map(({ status }) => status));
    });

    it('requires another permission to write, and names it', async () => {
      const { body: limited } = await guarded.latchkey.client.createMyToken(tokenHeader(guarded.editor), {
        permissions: ['drafts:read'],
      });
      const send = (method: string) => sendTo(proxy, [`${method} /drafts HTTP/1.1`, lineOf(limited)]);

      const answers = [await get('/drafts', lineOf(limited)), await send('POST'), await send('DELETE')];

      expect(answers.map(({ status }) => status)).toEqual([200, 403, 403]);
      expect(guarded.api.count).toBe(1);
      for (const { headers } of answers.slice(1)) {
        expect(headers).toMatchObject({
          'www-authenticate': expect.stringMatching(
            /^XAuthToken .*error="insufficient_scope", scope="drafts:write"/,
          ),
          'x-auth-error': 'insufficient_scope',
          'x-auth-missing-permissions': 'drafts:write',
        });
      }
    });

    it('returns 403 with the time to wait after too many uses', async () => {
      const { body: limited } = await guarded.latchkey.client.createMyToken(tokenHeader(guarded.editor), {
        rateLimit: { limit: 1, windowSeconds: 86_400 },
      });

      const answers = [await get('/hello', lineOf(limited)), await get('/hello', lineOf(limited))];

      expect(answers.map(({ status }) => status)).toEqual([200, 403]);
      expect(answers[1]?.headers).toMatchObject({
        'x-auth-error': 'rate_limited',
        'retry-after': expect.stringMatching(/^\d+$/),
      });
    });

    it('passes permissions of 4 KiB', async () => {
      const { latchkey, asAdmin } = guarded;
      const long = `long-${name.toLowerCase()}`;
      const permissions = Array.from({ length: 50 }, (_, index) => ({
        name: `${long}:${String(index).padStart(64, 'a')}`,
        description: 'Act.',
      }));
      const names = permissions.map((permission) => permission.name);
      await latchkey.client.createApi({ name: long, permissions }, asAdmin);
      await latchkey.client.createRole({ name: long, permissions: names }, asAdmin);
      await latchkey.client.createUser({ name: long, password: PASSWORD, roles: [long] }, asAdmin);
      const { body: token } = await latchkey.client.login(long, PASSWORD);

      const answer = await get('/hello', lineOf(token));

      expect(answer.status).toBe(200);
      expect(valueOf(echoed(answer), 'x-auth-permissions')?.split(' ')).toEqual(names.sort());
    });

    it('returns 403 to everyone for a misspelt parameter', async () => {
      const misspelt = await start(guarded.tap.authority, guarded.api.authority, (recipe) =>
        replaced(recipe, /permission=(?=[${]?drafts)/g, 'permissions='),
      );

      const { status } = await sendTo(misspelt, ['GET /drafts HTTP/1.1', asEditor()]).finally(() =>
        misspelt.stop(),
      );

      expect(status).toBe(403);
    });

    it.each(['/hello', '/drafts'])(
      'sends Latchkey only the fields that it needs for POST %s',
      async (path) => {
        const lines = [`POST ${path}?role=nobody HTTP/1.1`, asEditor(), 'User-Agent: test', 'Cookie: a=1'];
        const content = ['Content-Type: text/plain', 'Content-Length: 2'];

        const answer = await sendTo(proxy, [...lines, ...content, ...(FORGED_FIELDS.at(-1) ?? [])], 'hi');

        expect(echoed(answer)).toMatchObject({ method: 'POST', url: `${path}?role=nobody`, body: 'hi' });
        expect(guarded.tap.questions.length).toBeGreaterThan(0);
        for (const { method, url, fields, body } of guarded.tap.questions) {
          expect([method, url.replace(/\?(permission=drafts(:|%3A)write)?$/, ''), body]).toEqual([
            'GET',
            '/auth/verify',
            '',
          ]);
          expect(fields).toEqual(
            expect.arrayContaining([
              asEditor().replace('X-Auth-Token', 'x-auth-token'),
              'user-agent: test',
              'x-forwarded-for: 127.0.0.1',
            ]),
          );
          expect(fields.filter((line) => NEEDLESS.test(line) || line.includes(FORGED))).toEqual([]);
        }
      },
    );

    it('sends Latchkey the address of the client, also with a forged X-Forwarded-For', async () => {
      const headers = { ...tokenHeader(guarded.reader), 'X-Forwarded-For': FORGED };
      const sent = request(`${proxy.baseUrl}/drafts`, { localAddress: CLIENT, headers }).end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      response.resume();

      const { body } = await guarded.latchkey.client.request<{ items: { address: string }[] }>(
        'GET',
        '/audit-events?action=authz_fail&size=1',
        { headers: guarded.asAdmin },
      );

      expect(body.items.map(({ address }) => address)).toEqual([CLIENT]);
    });

    it.each<[string, RequestListener]>([
      ['500', (_, response) => response.writeHead(500).end()],
      ['503', (_, response) => response.writeHead(503).end()],
      ['302', (_, response) => response.writeHead(302, { Location: 'http://example.org/' }).end()],
      ['no response', () => undefined],
      ['a cut connection', ({ socket }) => socket.destroy()],
    ])('passes nothing to the API while Latchkey returns %s', async (_, answer) => {
      const answers = await guarded.tap.whileAnswering(answer, () =>
        Promise.all([get('/hello', asEditor()), get('/drafts', asEditor())]),
      );

      for (const { status, headers } of answers) {
        expect([502, 503, 504]).toContain(status);
        expect(headers).not.toHaveProperty('location');
      }
      expect(guarded.api.count).toBe(0);
    });

    it('passes no identity to the API while Latchkey returns 200 without a name', async () => {
      const answer = await guarded.tap.whileAnswering(
        (_, response) => response.end(),
        () => get('/hello', asEditor()),
      );

      expect(answer.status).toBe(statusWithoutUser);
      expect(answer.body).not.toMatch(/x-auth-/);
    });

    it('passes nothing to the API while the database is unavailable, and recovers', async () => {
      guarded.way.cut();
      const away = await Promise.all([get('/hello', asEditor()), get('/drafts', asEditor())]);
      guarded.way.resume();

      expect(away.map(({ status }) => status)).toEqual([503, 503]);
      expect(away.map(({ headers }) => headers['retry-after'])).toEqual(['2', '2']);
      expect(guarded.api.count).toBe(0);
      await waitUntil(
        () => get('/hello', asEditor()),
        ({ status }) => status === 200,
      );
    });
  });
}

const here = PROXIES.filter(({ needs }) => needs === null);

// Covers B30 in docs/explanation/security.md.
describeIfInstalled(here.length === 0 ? (PROXIES[0]?.needs ?? null) : null, 'all gateway guides', () => {
  it('pass nothing to the API after Latchkey was killed', async () => {
    const { latchkey, api, editor } = guarded;
    const { host } = new URL(latchkey.client.baseUrl);
    const proxies = await Promise.all(here.map(({ start }) => start(host, api.authority)));
    const ask = async () => {
      const sent = proxies.map((proxy) => sendTo(proxy, ['GET /hello HTTP/1.1', lineOf(editor)]));
      return (await Promise.all(sent)).map(({ status }) => status);
    };
    const before = await ask();
    await latchkey.kill();
    api.count = 0;

    const after = await ask().finally(() => Promise.all(proxies.map((proxy) => proxy.stop())));

    expect(before).toEqual(here.map(() => 200));
    expect(after.filter((status) => ![502, 503].includes(status))).toEqual([]);
    expect(api.count).toBe(0);
  });
});
