import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeIfInstalled, type ExternalProgram } from '../support/external-programs.js';
import { echoed, EchoingApi } from './echoing-api.js';
import { PROXIES } from './guarding-proxies.js';
import { listen, valueOf } from './seen-request.js';
import { sendTo } from './send-to.js';

/** Fake of Latchkey that accepts all requests. */
let latchkey: Server;
let authority: string;
let api: EchoingApi;

beforeAll(async () => {
  latchkey = createServer((_, response) => response.setHeader('X-Auth-User', 'anna').end());
  authority = await listen(latchkey);
  api = await EchoingApi.start();
});

afterAll(() => {
  latchkey.close();
  latchkey.closeAllConnections();
  api.stop();
});

for (const { name, needs, start, keepCookies } of PROXIES) {
  describeIfInstalled(needs, `${name} in front of an API with cookies`, () => {
    let proxy: ExternalProgram;

    beforeAll(async () => {
      proxy = await start(authority, api.authority, keepCookies);
    });

    afterAll(() => proxy.stop());

    const get = async (...lines: string[]) => echoed(await sendTo(proxy, ['GET / HTTP/1.1', ...lines]));

    it.each([
      ['a=1; b=2', 'a=1; b=2'],
      ['__Host-latchkey=latchkey_1', ''],
      ['a=1; __Host-latchkey=latchkey_1; b=2', 'a=1; b=2'],
      ['__Host-latchkey=latchkey_1; b=2', 'b=2'],
      ['a=1; __Host-latchkey=latchkey_1', 'a=1'],
      ['a=1; x__Host-latchkey=2', 'a=1; x__Host-latchkey=2'],
    ])('changes %p to %p', async (cookie, expected) => {
      const seen = await get(`Cookie: ${cookie}`);

      expect((valueOf(seen, 'cookie') ?? '').replace(/;$/, '')).toBe(expected);
    });

    it.each([
      [['Cookie: __Host-latchkey=latchkey_1; a=1; __Host-latchkey=latchkey_2']],
      [['Cookie: __Host-latchkey=latchkey_1', 'Cookie: __Host-latchkey=latchkey_2;a=1']],
    ])('removes all of %p', async (cookies) => {
      const { fields } = await get(...cookies);

      expect(fields.join()).not.toContain('latchkey_');
    });
  });
}
