import { randomInt } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type ProblemDto } from '@latchkey/auth-models';
import { CommonPasswords } from '../../apps/api/src/identity/passwords/blocklist/common-passwords.js';
import { type Answer, type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

/** On the list, and long enough. */
const COMMON = '1qaz2wsx3edc4rfv';

const server = useServer({ hasRealHashes: true });
const asAdmin = useAdmin(server);
let user: { name: string; displayName: string; email: string };

beforeEach(async () => {
  const { name } = newUser();
  user = { name, displayName: 'Rosalind Köhler', email: `${name}.rk@example.org` };
  await server.client.createUser({ ...user, password: PASSWORD }, asAdmin);
});

const send = (method: string, path: string, body: unknown, headers?: Headers) =>
  server.client.request<ProblemDto>(method, path, { body, headers });

/** Every route that sets a password, with the member that has it. */
const ROUTES: [string, string, (password: string) => Promise<Answer<ProblemDto>>][] = [
  [
    'POST /users',
    '/password',
    (password) => send('POST', '/users', { ...user, name: `${user.name}-new`, password }, asAdmin),
  ],
  [
    'PUT /users/{name}/password',
    '/password',
    (password) => send('PUT', `/users/${user.name}/password`, { password }, asAdmin),
  ],
  [
    'PUT /me/password',
    '/newPassword',
    async (newPassword) =>
      send(
        'PUT',
        '/me/password',
        { currentPassword: PASSWORD, newPassword },
        await server.client.loginHeaders(user.name, PASSWORD),
      ),
  ],
  [
    'POST /auth/set-up',
    '/password',
    async (password) => {
      const { body } = await server.client.request<{ link: string }>(
        'POST',
        `/users/${user.name}/set-up-link`,
        { headers: asAdmin },
      );
      return server.client.setUp({ secret: new URL(body.link).hash.slice(1), password });
    },
  ],
];

// Requirement B4.
describe.each(ROUTES)('a weak password sent to %s', (_, pointer, set) => {
  it.each([
    ['on the list of common passwords', () => COMMON, 'password_too_common'],
    ['on the list but for capitals and digits', () => 'Sunshine1234567', 'password_too_common'],
    ['the repeated name', () => `${user.name}, ${user.name}, ${user.name}`, 'password_too_predictable'],
    ['the display name', () => user.displayName, 'password_too_predictable'],
    ['the e-mail address', () => user.email, 'password_too_predictable'],
    ['the repeated product name', () => 'LatchkeyLatchkey', 'password_too_predictable'],
    ['a sequence', () => '456789012345678', 'password_too_predictable'],
  ])('returns 422 with advice and sets nothing when it is %s', async (__, password, code) => {
    const { status, body } = await set(password());

    expect([status, body.code, body.errors]).toEqual([
      422,
      'validation_failed',
      [{ pointer, code, message: expect.stringMatching(/^(newP|p)assword is .+; choose some words/) }],
    ]);
    expect((await server.client.login(user.name, PASSWORD)).status).toBe(200);
    expect((await server.client.login(user.name, password())).status).toBe(401);
  });

  it('returns 2xx for unrelated words', async () => {
    const { status } = await set('teapots under seven bridges');

    expect([201, 204]).toContain(status);
  });
});

// Requirement B4.
describe('PUT /users/{name}/password', () => {
  it('rejects 100 of 100 long passwords from the blocklist, with the reason', async () => {
    const long = [...(await CommonPasswords.load())].filter((entry) => [...entry].length >= 15);
    const sample = Array.from({ length: 100 }, () => long[randomInt(long.length)] ?? '');

    const refusals: unknown[] = [];
    for (const password of sample) {
      const { status, body } = await server.client.resetPassword(user.name, { password }, asAdmin);
      refusals.push([status, body.errors?.[0]?.pointer, body.errors?.[0]?.code]);
    }

    // A common password that is also repetitive may have either code.
    const reason = expect.stringMatching(/^password_too_(common|predictable)$/);
    expect(refusals).toEqual(Array.from(sample, () => [422, '/password', reason]));
    expect((await server.client.login(user.name, PASSWORD)).status).toBe(200);
  });
});
