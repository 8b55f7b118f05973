import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  ChangePasswordDto,
  CreateOfferDto,
  CreateTokenDto,
  CreateUserDto,
  DEFAULT_POLICY,
  firstFailedRule,
  isPassword,
  PasskeyLoginDto,
  type ProblemDto,
  ResetPasswordDto,
  RotateTokenDto,
  type ServerPolicyDto,
  SetUpDto,
  TokenBulkRequestDto,
  UpdateTokenDto,
  withPolicy,
} from '@latchkey/auth-models';
import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { entryOf } from '../routes.js';
import { runs, timeout } from '../support/unit/property-testing.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { DocumentedApi } from './operations/documented-api.js';

/** Class and route for each body with members that a setting restricts. */
const BODIES: [string, ClassConstructor<object>][] = [
  ['POST /users', CreateUserDto],
  ['PUT /users/anne/password', ResetPasswordDto],
  ['PUT /me/password', ChangePasswordDto],
  ['POST /auth/set-up', SetUpDto],
  ['POST /me/tokens', CreateTokenDto],
  ['POST /users/anne/offers', CreateOfferDto],
  ['POST /auth/login/passkey', PasskeyLoginDto],
  ['PATCH /tokens/unknown', UpdateTokenDto],
  ['POST /tokens/unknown/rotate', RotateTokenDto],
  ['POST /tokens/bulk', TokenBulkRequestDto],
];

/** Returns the names of the schemas in a part of the OpenAPI document. */
const schemasIn = (part: unknown): string[] =>
  [...(JSON.stringify(part) ?? '').matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name = '']) => name);

/** Members whose validators read settings: `IsPassword` and `IsExpirationTime`. */
const RESTRICTED = ['password', 'newPassword', 'expirationTime'];

/**
 * Passwords around the minimum and maximum lengths, some with combining marks or invalid characters. The
 * server rejects NUL and unpaired surrogates in all members, before the validators run.
 */
const password = fc
  .tuple(
    fc.constantFrom('x', 'ä', 'a\u0308', '😀', '각'.normalize('NFD'), '\u1F80'.normalize('NFD')),
    fc.oneof(fc.integer({ min: 0, max: 45 }), fc.integer({ min: 254, max: 258 })),
    fc.constantFrom('', '', '', ' ', '\n', '\uE000', '\u0378'),
  )
  .map(([unit, length, end]) => `${unit.repeat(length)}${end}`);

const expiry = fc.constantFrom<unknown>(
  undefined,
  null,
  '2099-01-01T00:00:00Z',
  '2099-02-30T00:00:00Z',
  'soon',
  7,
);

/** Bodies with an unknown member, so that the server rejects all of them and changes nothing. */
const body = fc.record(
  {
    unknown: fc.constant(true),
    name: fc.constantFrom('anne', 'a:b'),
    secret: fc.constant('x'),
    currentPassword: password,
    password: fc.oneof(password, fc.constantFrom<unknown>(null, 7, ['x'.repeat(20)])),
    newPassword: password,
    action: fc.constantFrom('extend', 'enable'),
    ids: fc.constant(['unknown']),
    expirationTime: expiry,
    expiresIn: fc.constantFrom<unknown>(60, 0, null),
    version: fc.constant(0),
  },
  { requiredKeys: ['unknown', 'version'] },
);

describe('the bodies with members that a setting restricts', () => {
  it('are compared below, except that of logins with a password', async () => {
    const documented = await DocumentedApi.ofBuild();
    const restricted = [...documented.operations].flatMap(([route, { requestBody }]) =>
      (entryOf(route).scheme === 'basic' ? [] : schemasIn(requestBody)).filter((name) =>
        RESTRICTED.some(
          (member) => member in Object(documented.document.components.schemas[name]?.properties),
        ),
      ),
    );

    expect([...new Set(restricted)].sort()).toEqual(BODIES.map(([, { name }]) => name).sort());
  });
});

describe.each<[string, Record<string, string>]>([
  ['default settings', {}],
  ['the weakest settings', { LATCHKEY_PASSWORD_MIN_LENGTH: '8', LATCHKEY_API_TOKEN_NO_EXPIRY: 'true' }],
  ['long passwords', { LATCHKEY_PASSWORD_MIN_LENGTH: '20' }],
])('the validators of the library, compared with a server with %s', (_, environment) => {
  const server = useServer({ environment });
  const asAdmin = useAdmin(server);
  let policy: ServerPolicyDto;

  beforeAll(async () => {
    policy = (await server.client.request<ServerPolicyDto>('GET', '/.well-known/latchkey')).body;
  });

  /** Returns the errors of the server about known members of a body. */
  async function serverErrors(route: string, sent: object): Promise<[string, string, string][]> {
    const [method = '', path = ''] = route.split(' ');
    const response = await server.client.request<ProblemDto>(method, path, { headers: asAdmin, body: sent });
    expect(response.status).toBe(422);
    return (response.body.errors ?? [])
      .filter(({ code }) => code !== 'unknown_member')
      .map(({ pointer, code, message }) => [pointer, code, message]);
  }

  /** Returns the errors of the class about its members. */
  function libraryErrors(type: ClassConstructor<object>, sent: object): [string, string, string][] {
    // The body arrives as JSON.
    const dto = plainToInstance(type, JSON.parse(JSON.stringify(sent)));
    return validateSync(withPolicy(dto, policy)).map((error) => {
      const { rule = '', message = '' } = firstFailedRule(error) ?? {};
      const code = rule.replace(/[A-Z0-9]+/g, (letters) => `_${letters.toLowerCase()}`);
      return [`/${error.property}`, code.replace('_rfc_3339', '_rfc3339'), message];
    });
  }

  it.each(BODIES)(
    'find the same errors in the body of %s',
    async (route, type) => {
      await fc.assert(
        fc.asyncProperty(body, async (sent) => {
          expect(libraryErrors(type, sent)).toEqual(await serverErrors(route, sent));
        }),
        runs(15),
      );
    },
    timeout(60_000),
  );

  it(
    'accept the same passwords',
    async () => {
      await fc.assert(
        fc.asyncProperty(password, async (text) => {
          const errors = await serverErrors('POST /users', { name: 'anne', password: text, unknown: true });

          expect(isPassword(text, policy.password)).toBe(errors.length === 0);
        }),
        runs(15),
      );
    },
    timeout(60_000),
  );
});

describe('the default policy of the library', () => {
  const server = useServer();

  it('is that of a server with default settings', async () => {
    const { body: policy } = await server.client.request<ServerPolicyDto>('GET', '/.well-known/latchkey');

    expect(isPassword('x'.repeat(policy.password.minLength))).toBe(true);
    expect(isPassword('x'.repeat(policy.password.minLength - 1))).toBe(false);
    expect(DEFAULT_POLICY).toMatchObject({
      password: { minLength: policy.password.minLength },
      apiTokens: { noExpiry: policy.apiTokens.noExpiry },
    });
  });
});
