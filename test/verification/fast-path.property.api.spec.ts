import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { runs, timeout } from '../support/unit/property-testing.js';
import { useAdmin, useServer } from '../support/use-server.js';
import {
  bytesOf,
  createCredentials,
  credentialField,
  type GeneratedRequest,
  normalized,
  ODD_FIELDS,
  PLAIN,
  requestsWith,
  USUAL_FIELDS,
} from '../support/verify-requests.js';
import { useVerifyWays } from '../support/verify-ways.js';

describe.each([
  ['without trusted proxies', {}],
  ['without the cache', { LATCHKEY_TOKEN_CACHE_SECONDS: '0' }],
  ['behind untrusted proxies', { LATCHKEY_TRUSTED_PROXIES: '10.0.0.0/8' }],
  [
    'behind trusted proxies, with pages of other origins',
    {
      LATCHKEY_TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8',
      LATCHKEY_CORS_ORIGINS: 'https://app.example.com',
    },
  ],
])('the fast path of GET /auth/verify %s', (_, environment) => {
  const server = useServer({ environment });
  const asAdmin = useAdmin(server);
  const ways = useVerifyWays(server);
  let credentials: Record<string, string>;

  beforeAll(async () => {
    credentials = await createCredentials(server, asAdmin);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** Sends a request to both listeners, and compares the responses. */
  async function compare(request: GeneratedRequest, fast: () => number): Promise<void> {
    const bytes = bytesOf(request);
    const byRoute = await ways.route.exchange(bytes);
    const before = fast();

    const response = await ways.fast.exchange(bytes);

    expect(normalized(response)).toBe(normalized(byRoute));
    expect(fast() === before || response.startsWith('HTTP/1.1 200 OK')).toBe(true);
  }

  it.each(USUAL_FIELDS)('accepts requests with the field %s: %s', async (...field) => {
    const fast = ways.countFast();
    for (const name of PLAIN.filter((credential) => credential !== 'here')) {
      await compare(requestWith(name, field), fast);
    }

    // The first request of each token is not cached.
    expect(fast()).toBeGreaterThanOrEqual(PLAIN.length - 2);
  });

  it.each(ODD_FIELDS)('sends the same bytes as the route for the field %s: %s', async (...field) => {
    const fast = ways.countFast();
    await compare(requestWith('full', field), fast);
    await compare(requestWith('here', field), fast);
    await compare(requestWith('bearer', field), fast);
  });

  const requestWith = (credential: string, field: [name: string, value: string]): GeneratedRequest => ({
    method: 'GET',
    target: '/auth/verify',
    fields: [['Host', 'auth.example.com'], credentialField(credentials[credential] ?? ''), field],
  });

  it('rejects a repeated Authorization field next to X-Auth-Token', async () => {
    const basic: [string, string] = ['Authorization', 'Basic YTpi'];
    const { fields, ...request } = requestWith('full', basic);
    const fast = ways.countFast();

    await compare({ ...request, fields }, fast);
    await compare({ ...request, fields }, fast);
    expect(fast()).toBeGreaterThan(0);
    const before = fast();
    await compare({ ...request, fields: [...fields, basic] }, fast);

    expect(fast()).toBe(before);
  });

  it(
    'sends the same bytes as the route',
    async () => {
      const fast = ways.countFast();
      let sent = 0;
      await fc.assert(
        fc.asyncProperty(requestsWith(credentials), async (request) => {
          sent += 1;
          await compare(request, fast);
        }),
        // `npm run lab -- properties` sends 10,500 requests.
        runs(100),
      );
      // Otherwise the route would be compared with itself.
      expect(fast()).toBeGreaterThan(0.4 * sent);
    },
    timeout(60_000),
  );
});
