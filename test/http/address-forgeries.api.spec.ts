import { Agent, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { type RunningServer, useAdmin, useServer } from '../support/use-server.js';

/** Address that the token is allowed from, and the one that the attacker has. */
const ALLOWED = '203.0.113.7';
const ATTACKER = '198.51.100.66';
const ALLOWED_IPV6 = '2001:db8::7';

/** Spellings of an allowed address, and of other addresses that a parser could take for one. */
const VALUES = [
  ALLOWED,
  ` ${ALLOWED}\t`,
  `${ALLOWED}:443`,
  `"${ALLOWED}"`,
  `[${ALLOWED}]`,
  `::ffff:${ALLOWED}`,
  `::FFFF:cb00:7107`,
  `::${ALLOWED}`,
  `::ffff:0:${ALLOWED}`,
  `64:ff9b::${ALLOWED}`,
  `2002:cb00:7107::`,
  `[::ffff:${ALLOWED}]:443`,
  `${ALLOWED},`,
  `,${ALLOWED}`,
  `${ALLOWED} `,
  `${ALLOWED},${ALLOWED}`,
  `${ALLOWED}, ${ATTACKER}`,
  `${ATTACKER}, ${ALLOWED}`,
  `unknown, ${ALLOWED}`,
  `${ALLOWED}, unknown`,
  `${ALLOWED}, 127.0.0.1`,
  `127.0.0.1, ${ALLOWED}`,
  `127.0.0.1`,
  `::1`,
  `::ffff:127.0.0.1`,
  `localhost`,
  '203.0.113.007',
  '0xcb007107',
  `${ALLOWED}/32`,
  `${ALLOWED}%eth0`,
  ALLOWED_IPV6,
  `[${ALLOWED_IPV6}]:443`,
  `${ALLOWED_IPV6}%eth0`,
  `for=${ALLOWED}`,
  `for="[${ALLOWED_IPV6}]"`,
  `for=${ALLOWED};by=127.0.0.1, for=${ATTACKER}`,
  '',
  ',',
];

/** Fields in which proxies name their client or themselves. */
const FORWARDING = ['Forwarded', 'X-Real-IP', 'X-Client-IP', 'True-Client-IP', 'CF-Connecting-IP', 'Via'];
const FIELDS = [
  ...FORWARDING,
  'X-Cluster-Client-IP',
  'X-Original-Forwarded-For',
  'X-Forwarded',
  'Forwarded-For',
  'X_Forwarded_For',
];

/** Header fields of a request, in their order: names may repeat. */
type Fields = readonly (readonly [string, string])[];

const agent = new Agent({ keepAlive: true, maxSockets: 8 });
afterAll(() => agent.destroy());

/** Returns status and error code of a verification. */
function verify(server: RunningServer, token: Headers, fields: Fields): Promise<string> {
  const headers = [['Host', 'latchkey'], ...Object.entries(token), ...fields].flat();
  return new Promise((resolve, reject) => {
    request(`${server.client.baseUrl}/auth/verify`, { agent, headers }, (response) => {
      response.resume().on('end', () => {
        resolve(`${response.statusCode} ${String(response.headers['x-auth-error'])}`);
      });
    })
      .on('error', reject)
      .end();
  });
}

/** Expects that all requests are rejected. Returns their number. */
async function expectNoneAccepted(server: RunningServer, token: Headers, forgeries: Fields[]) {
  const results = await Promise.all(
    forgeries.map(async (fields) => ({ fields, result: await verify(server, token, fields) })),
  );

  expect(results.filter(({ result }) => result !== '403 address_not_allowed')).toEqual([]);
}

const withEach = (fields: readonly string[], toFields: (field: string, value: string) => Fields) =>
  fields.flatMap((field) => VALUES.map((value) => toFields(field, value)));

describe('forged client addresses through a trusted proxy', () => {
  const server = useServer({ environment: { LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' } });
  const asAdmin = useAdmin(server);
  let token: Headers;

  beforeAll(async () => {
    const allowedAddresses = [ALLOWED, ALLOWED_IPV6, '127.0.0.1', '::1'];
    token = tokenHeader((await server.client.createMyToken(asAdmin, { allowedAddresses })).body);
  });

  it.each<[string, Fields[]]>([
    [
      'that appends the real address to X-Forwarded-For',
      withEach(['X-Forwarded-For'], (field, value) => [[field, `${value}, ${ATTACKER}`]]),
    ],
    [
      'that adds another X-Forwarded-For',
      withEach(['X-Forwarded-For'], (field, value) => [
        [field, value],
        [field, ATTACKER],
      ]),
    ],
    [
      'that replaces X-Forwarded-For only',
      withEach(FIELDS, (field, value) => [
        [field, value],
        ['X-Forwarded-For', ATTACKER],
      ]),
    ],
    ['that sends no X-Forwarded-For', withEach(FIELDS, (field, value) => [[field, value]])],
    [
      'that sends an X-Forwarded-For without an address',
      [
        [],
        ...['', ',', 'unknown', '_hidden', `${ALLOWED}:443`, `[${ALLOWED_IPV6}]`, `${ALLOWED}, unknown`].map(
          (value): Fields => [['X-Forwarded-For', value]],
        ),
      ],
    ],
    [
      'that sends an address that only embeds the allowed one',
      [`::${ALLOWED}`, `::ffff:0:${ALLOWED}`, `64:ff9b::${ALLOWED}`].map((value) => [
        ['X-Forwarded-For', value],
      ]),
    ],
  ])('are rejected: %s', async (_, requests) => {
    await expectNoneAccepted(server, token, requests);
  });

  it.each([ALLOWED, `${ATTACKER}, ${ALLOWED}`, ALLOWED_IPV6, `::ffff:${ALLOWED}`])(
    'are not the address that the proxy sends: %s',
    async (address) => {
      expect(await verify(server, token, [['X-Forwarded-For', address]])).toBe('200 undefined');
    },
  );

  it('are not fields of the proxy beside it, such as Via', async () => {
    const fields = FORWARDING.map((name) => [name, ALLOWED] as const);

    expect(await verify(server, token, [['X-Forwarded-For', ALLOWED], ...fields])).toBe('200 undefined');
  });
});

describe('forged client addresses without a trusted proxy', () => {
  const server = useServer();
  const asAdmin = useAdmin(server);
  const create = async (...allowedAddresses: string[]) =>
    tokenHeader((await server.client.createMyToken(asAdmin, { allowedAddresses })).body);

  it('are rejected from a client with another address', async () => {
    const token = await create(ALLOWED, ALLOWED_IPV6);

    await expectNoneAccepted(server, token, [
      ...withEach(['X-Forwarded-For', ...FIELDS], (field, value) => [[field, value]]),
      ...withEach(['X-Forwarded-For'], (field, value) => [
        [field, ALLOWED],
        [field, value],
      ]),
    ]);
  });

  it('are rejected from a proxy with an allowed address', async () => {
    const token = await create(ALLOWED, '127.0.0.1');

    await expectNoneAccepted(
      server,
      token,
      withEach(['X-Forwarded-For', ...FORWARDING], (field, value) => [[field, value]]),
    );
    expect(await verify(server, token, [])).toBe('200 undefined');
  });
});
