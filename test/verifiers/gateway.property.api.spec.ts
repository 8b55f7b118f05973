import { afterAll, beforeAll, describe, it } from '@jest/globals';
import fc from 'fast-check';
import { describeOnce, IS_DEEP } from '../support/deep.js';
import { expectEqual, runs, timeout } from '../support/unit/property-testing.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { useVerifier } from '../support/use-verifier.js';
import {
  bytesOf,
  createCredentials,
  credentialField,
  type GeneratedRequest,
  normalized,
  ODD_FIELDS,
  PLAIN,
  requestsWith,
} from '../support/verify-requests.js';
import { Connection } from '../support/verify-ways.js';

describe.each([
  ['without trusted proxies', {}],
  ['without the cache of the server', { LATCHKEY_TOKEN_CACHE_SECONDS: '0' }],
  [
    'behind trusted proxies, with pages of other origins',
    {
      LATCHKEY_TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8',
      LATCHKEY_CORS_ORIGINS: 'https://app.example.com',
    },
  ],
])('latchkey verifier %s', (_, environment) => {
  const server = useServer({ environment });
  const asAdmin = useAdmin(server);
  const verifier = useVerifier(server, asAdmin, environment);
  let credentials: Record<string, string>;
  let own: Connection;
  let ofServer: Connection;

  beforeAll(async () => {
    credentials = await createCredentials(server, asAdmin);
    own = connectionTo(verifier.client.baseUrl);
    ofServer = connectionTo(server.client.baseUrl);
  });

  afterAll(() => {
    own.close();
    ofServer.close();
  });

  /** Sends a request to the verifier and to the server, and compares the responses. */
  async function compare(request: GeneratedRequest): Promise<void> {
    const bytes = bytesOf(request);
    const expected = await ofServer.exchange(bytes);

    expectEqual(normalized(await own.exchange(bytes)), normalized(expected));
  }

  describeOnce('for fixed requests', () => {
    it('sends the same bytes as the server for each state of a token', async () => {
      for (const value of [...Object.values(credentials), ...PLAIN.map((name) => credentials[name] ?? '')]) {
        await compare({
          method: 'GET',
          target: '/auth/verify?permission=users:read',
          fields: [['Host', 'auth.example.com'], credentialField(value)],
        });
      }
    });

    it.each(ODD_FIELDS)('sends the same bytes as the server for the field %s: %s', async (...field) => {
      for (const name of ['full', 'here', 'bearer', 'narrow']) {
        await compare({
          method: 'GET',
          target: '/auth/verify?permission=users:read&role=user',
          fields: [['Host', 'auth.example.com'], credentialField(credentials[name] ?? ''), field],
        });
      }
    });
  });

  it(
    'sends the same bytes as the server',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          // `*` is no path. On the server, it matches the routes of the console.
          requestsWith(credentials).filter(({ target }) => target !== '*'),
          (request) => compare(request),
        ),
        runs(IS_DEEP ? 400 : 100),
      );
    },
    timeout(IS_DEEP ? 240_000 : 60_000),
  );
});

function connectionTo(url: string): Connection {
  return new Connection(Number(new URL(url).port));
}
