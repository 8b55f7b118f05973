import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { codeOnPage } from '../support/docs/code-on-page.js';
import {
  CADDY_MISSING,
  deployedNginx,
  describeIfInstalled,
  type ExternalProgram,
  NGINX_MISSING,
  startCaddy,
  startNginx,
} from '../support/external-programs.js';
import { type RawResponse, sendLines } from '../support/raw-http.js';
import { echoed } from './echoing-api.js';
import { protecting, PROXIES } from './guarding-proxies.js';
import { createLargestToken, headBytes, RESPONSE_HEAD_MAX } from './largest-head.js';
import { PROTECTED_APIS } from './protected-apis.js';
import { lineOf, sendTo } from './send-to.js';
import { useGuardedApi } from './use-guarded-api.js';

const ORIGIN = 'https://app.example.com';
const IDENTITY = /^x-auth-(user|user-id|roles|permissions|metadata|token-id): /;
const GATEWAYS = new Set(PROXIES.map(({ name }) => `the ${name} guide`));

const guarded = useGuardedApi({ LATCHKEY_CORS_ORIGINS: ORIGIN });
let token: UserTokenDto;
let asAdmin: string;
/** Fields with the user of the token. */
let identity: string[];

/** Fields of a request that add fields to the response. */
const ADDITIONS = [`Origin: ${ORIGIN}`, `X-Request-Id: ${'r'.repeat(64)}`, 'X-Forwarded-Proto: https'];

const linesOf = ({ headers }: RawResponse) =>
  Object.entries(headers).map(([name, value]) => `${name}: ${value}`);

const send = (lines: readonly string[]) => sendLines(guarded.latchkey.client.baseUrl, lines);

/** Requests with a large head, or with a large head in the response. */
const REQUESTS: Record<string, () => string[]> = {
  'the largest token': () => ['GET /auth/verify HTTP/1.1', lineOf(token), ...ADDITIONS],
  'the largest rejection': () => [`GET /auth/verify?${DEMANDS} HTTP/1.1`, lineOf(token), ...ADDITIONS],
  'a list with the longest query': () => [`GET ${LONGEST_URL} HTTP/1.1`, asAdmin, ...ADDITIONS],
  'a list with the longest search': () => [`GET /users?q=${SEARCH}&page=2 HTTP/1.1`, asAdmin, ...ADDITIONS],
  'a field of almost 16 KiB': () => ['GET /me HTTP/1.1', asAdmin, `X-Other: ${'x'.repeat(15_600)}`],
};

/** Permissions with the longest text that a query may demand: 1,024 characters with the spaces. */
const DEMANDED = Array.from({ length: 8 }, (_, index) => `${'m'.repeat(64)}:${'x'.repeat(61)}${index}`);
const DEMANDS = DEMANDED.map((name) => `permission=${name}`).join('&');
/** A search text of 200 letters of four bytes. */
const SEARCH = '%F0%A0%80%80'.repeat(200);
/** URL of 8,192 characters. */
const LONGEST_URL = `/users?page=2&size=${'1'.padStart(8_192 - '/users?page=2&size='.length, '0')}`;

beforeAll(async () => {
  const { client } = guarded.latchkey;
  token = await createLargestToken(client, guarded.asAdmin);
  asAdmin = `X-Auth-Token: ${guarded.asAdmin['X-Auth-Token']}`;
  identity = linesOf(await send(['GET /auth/verify HTTP/1.1', lineOf(token)]))
    .filter((line) => IDENTITY.test(line))
    .sort();
});

describe('the server', () => {
  it('sends the largest head for the largest token', async () => {
    const answer = await send(['GET /auth/verify HTTP/1.1', lineOf(token), ...ADDITIONS]);

    expect([answer.status, identity.length]).toEqual([200, 6]);
    expect(headBytes(answer)).toBeGreaterThan(12_000);
    expect(headBytes(answer)).toBeLessThan(RESPONSE_HEAD_MAX);
  });

  it.each(Object.keys(REQUESTS))('sends a head of less than 13 KiB for %s', async (name) => {
    const answer = await send(REQUESTS[name]?.() ?? []);

    expect(answer.status).toBe(name === 'the largest rejection' ? 403 : 200);
    expect(headBytes(answer)).toBeLessThan(RESPONSE_HEAD_MAX);
  });
});

for (const { name, needs, start, paths } of PROTECTED_APIS) {
  describeIfInstalled(needs, name, () => {
    let gateway: ExternalProgram;

    beforeAll(async () => {
      gateway = await start(guarded);
    });

    afterAll(() => gateway.stop());

    it('accepts the largest token', async () => {
      const answers = [
        await sendTo(gateway, [`GET ${paths[0]} HTTP/1.1`, lineOf(token)]),
        await sendTo(gateway, [`GET ${paths[1]} HTTP/1.1`, lineOf(token)]),
      ];

      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      if (GATEWAYS.has(name)) {
        const passed = answers.map((answer) => echoed(answer).fields.filter((line) => IDENTITY.test(line)));
        expect(passed).toEqual([identity, identity]);
      }
    });
  });
}

for (const { name, needs, start, protect } of PROXIES) {
  describeIfInstalled(needs, `the ${name} guide`, () => {
    it('returns all missing permissions', async () => {
      const { tap, api } = guarded;
      const proxy = await start(tap.authority, api.authority, protect(protecting('large', DEMANDS)));

      const answer = await sendTo(proxy, ['GET /large HTTP/1.1', lineOf(token)]).finally(() => proxy.stop());

      expect(answer).toMatchObject({
        status: 403,
        headers: {
          'x-auth-missing-permissions': DEMANDED.join(' '),
          'www-authenticate': expect.stringContaining(`scope="${DEMANDED.join(' ')}"`),
        },
      });
    });

    it('passes on all fields of the user, or none, with a large request', async () => {
      const { tap, api } = guarded;
      const proxy = await start(tap.authority, api.authority);
      const fields = Array.from({ length: 40 }, (_, index) => `X-Other-${index}: ${'x'.repeat(1_000)}`);

      const answers = [];
      for (let count = 0; count <= fields.length; count += 1) {
        api.count = 0;
        const answer = await sendTo(proxy, ['GET /hello HTTP/1.1', ...fields.slice(0, count), lineOf(token)]);
        answers.push({ answer, reached: api.count });
      }
      await proxy.stop();

      for (const { answer, reached } of answers) {
        if (answer.status === 200) {
          expect(echoed(answer).fields.filter((line) => IDENTITY.test(line))).toEqual(identity);
        } else {
          // Rejected by the gateway, or by Latchkey, which reads the fields that Caddy does not remove.
          expect([reached, answer.status >= 400]).toEqual([0, true]);
        }
      }
      expect(answers.filter(({ answer }) => answer.status === 200).length).toBeGreaterThan(3);
    });
  });
}

/** Plain proxies in front of Latchkey itself. */
const PLAIN: [string, string | null, (latchkey: string) => Promise<ExternalProgram>][] = [
  ['deploy/nginx.conf', NGINX_MISSING, (latchkey) => startNginx(deployedNginx([latchkey, latchkey]))],
  [
    'Caddy as in docs/get-started.md',
    CADDY_MISSING,
    (latchkey) =>
      startCaddy((port) =>
        (codeOnPage('get-started.md', 'caddy')[0] ?? '')
          .replace('auth.example.com', `http://127.0.0.1:${port}`)
          .replace('127.0.0.1:3000', latchkey),
      ),
  ],
  [
    'nginx with the buffers of docs/operations/kubernetes.md',
    NGINX_MISSING,
    (latchkey) => {
      const page = readFileSync('docs/operations/kubernetes.md', 'utf8');
      const [, size] = /proxy-buffer-size: (\w+)`/.exec(page) ?? [];
      const [, buffers] = /large-client-header-buffers: (\w+ \w+)`/.exec(page) ?? [];
      // As in the template of ingress-nginx.
      return startNginx(
        (port) => `
          proxy_buffer_size ${size};
          proxy_buffers 4 ${size};
          large_client_header_buffers ${buffers};
          server {
            listen 127.0.0.1:${port};
            location / {
              proxy_pass http://${latchkey};
              proxy_set_header Host $http_host;
              proxy_set_header X-Forwarded-Proto $scheme;
            }
          }`,
      );
    },
  ],
];

for (const [name, needs, start] of PLAIN) {
  describeIfInstalled(needs, name, () => {
    it.each(Object.keys(REQUESTS))('passes on %s', async (request) => {
      const proxy = await start(new URL(guarded.latchkey.client.baseUrl).host);
      const lines = REQUESTS[request]?.() ?? [];

      const answer = await sendTo(proxy, lines).finally(() => proxy.stop());

      expect(answer.status).toBe(request === 'the largest rejection' ? 403 : 200);
      expect(linesOf(answer).length).toBeGreaterThan(5);
    });
  });
}

describeIfInstalled(NGINX_MISSING, 'deploy/nginx.conf', () => {
  it('passes on each rejection of a body that is too large', async () => {
    const { host } = new URL(guarded.latchkey.client.baseUrl);
    const nginx = await startNginx(deployedNginx([host, host]));
    const body = ' '.repeat(2_000_000);
    const lines = ['Content-Type: application/json', `Content-Length: ${body.length}`];

    const answers = [];
    for (let sent = 0; sent < 40; sent += 1) {
      answers.push(await sendTo(nginx, ['POST /auth/set-up HTTP/1.1', ...lines], body));
    }
    await nginx.stop();

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 413));
  });
});
