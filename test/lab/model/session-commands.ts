import { expect } from '@jest/globals';
import fc from 'fast-check';
import { TokenPurge } from '../../../apps/api/src/tokens/revoke/token-purge.service.js';
import { command, onUser, presented, withSecret, written } from './command.js';
import { expectedWriteStatus, SECONDS, type Model, type ModelUser } from './model.js';
import { type Real } from './real.js';

/** Logs a user in. Fails if the user is disabled. */
export async function logIn(user: ModelUser, model: Model, { client }: Real): Promise<void> {
  const { status, body } = await client.login(user.name, user.password);

  expect(status).toBe(user.enabled ? 200 : 401);
  if (status === 200) {
    const expirationTime = model.now + SECONDS.session * 1_000;
    const idleExpirationTime = model.now + SECONDS.idle * 1_000;
    expect(body).toMatchObject({ version: 0, expirationTime: written(expirationTime) });
    model.issue({
      id: body.id,
      owner: user,
      kind: 'session',
      secret: body.token!,
      expirationTime,
      idleExpirationTime,
    });
  }
}

const logInWithWrongPassword = onUser('log in with a wrong password', async (user, _model, { client }) => {
  const { status } = await client.login(user.name, `${user.password}?`);

  expect(status).toBe(401);
});

const bump = withSecret('bump', async (secret, model, { client }) => {
  const { status, body } = await client.bump(presented(secret));

  expect(status).toBe(expectedWriteStatus(model, secret, 200));
  const { token } = secret;
  if (status === 200 && token) {
    expect(body.lastLoginTime).toBe(written(model.now));
    if (token.idleExpirationTime !== undefined) {
      token.idleExpirationTime = Math.min(model.now + SECONDS.idle * 1_000, token.expirationTime);
    }
  }
});

const logOut = withSecret('log out', async (secret, model, { client }) => {
  const { status } = await client.logout(presented(secret));

  expect(status).toBe(model.isValid(secret) ? 200 : 401);
  if (status === 200 && secret.token) {
    secret.token.isRevoked = true;
  }
});

const changePassword = withSecret('change their own password', async (secret, model, { client }) => {
  const { owner } = secret.token ?? {};
  const newPassword = `${owner?.password} and more`;
  const change = { currentPassword: owner?.password ?? newPassword, newPassword };
  const { status } = await client.changePassword(change, presented(secret));

  expect(status).toBe(expectedWriteStatus(model, secret, 204));
  if (status === 204 && owner) {
    owner.password = newPassword;
    model.revokeTokensOf(owner, secret.token);
  }
});

/** Short periods are more frequent, so that some tokens stay valid. */
const pass = fc
  .oneof(
    { weight: 3, arbitrary: fc.constantFrom(1, SECONDS.cache - 1, SECONDS.cache) },
    { weight: 1, arbitrary: fc.constantFrom(SECONDS.idle - 1, SECONDS.idle, SECONDS.session) },
  )
  .map((seconds) =>
    command(`${seconds} seconds pass`, async (model, real) => {
      await real.pass(seconds);
      model.now = real.now;
    }),
  );

const purge = fc.constant(
  command('purge', async (_model, { app }) => {
    await app.get(TokenPurge, { strict: false }).purge();
  }),
);

const restart = fc.constant(command('restart', (_model, real) => real.restart()));

/** Actions of sessions, passing time, purges and restarts. */
export const SESSION_COMMANDS = [
  { weight: 8, arbitrary: onUser('log in', logIn) },
  { weight: 1, arbitrary: logInWithWrongPassword },
  { weight: 4, arbitrary: bump },
  { weight: 2, arbitrary: logOut },
  { weight: 1, arbitrary: changePassword },
  { weight: 5, arbitrary: pass },
  { weight: 1, arbitrary: purge },
  { weight: 1, arbitrary: restart },
];
