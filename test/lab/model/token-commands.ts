import { expect } from '@jest/globals';
import fc from 'fast-check';
import { command, MOSTLY, onToken, onUser, presented, withSecret, written } from './command.js';
import { EXPIRED_OR_REVOKED, expectedWriteStatus, SECONDS } from './model.js';
import { versionIn, VERSION_FORMS } from './version-forms.js';

const create = withSecret('create a token', async (secret, model, { client }) => {
  const { status, body } = await client.createMyToken(presented(secret));

  expect(status).toBe(expectedWriteStatus(model, secret, 201));
  if (status === 201 && secret.token) {
    const { owner, kind, expirationTime: expiry } = secret.token;
    const latest = kind === 'api' ? expiry : Infinity;
    const expirationTime = Math.min(model.now + SECONDS.api * 1_000, latest);
    expect(body.expirationTime).toBe(written(expirationTime));
    model.issue({ id: body.id, owner, kind: 'api', secret: body.token!, expirationTime });
  }
});

const revoke = onToken('revoke', async (token, model, { client, asAdmin }) => {
  const { status } = await client.revokeToken(token.id, asAdmin);

  expect(status).toBe(model.isExpiredOrRevoked(token) ? 404 : 204);
  token.isRevoked = true;
});

const toggle = fc.tuple(MOSTLY, VERSION_FORMS).chain(([enabled, form]) =>
  onToken(`${enabled ? 'enable' : 'disable'} with ${form}`, async (token, model, { client, asAdmin }) => {
    const { body, headers, rejection } = versionIn(form, token.version);
    const { status } = await client.updateToken(token.id, { enabled, ...body }, { ...asAdmin, ...headers });

    expect(model.isExpiredOrRevoked(token) ? EXPIRED_OR_REVOKED : [rejection ?? 200]).toContain(status);
    if (status === 200) {
      const version = token.version + (token.enabled === enabled ? 0 : 1);
      Object.assign(token, { enabled, version });
    }
  }),
);

const revokeOthers = withSecret('revoke their other tokens', async (secret, model, { client }) => {
  const { status } = await client.revokeMyOtherTokens(presented(secret));

  expect(status).toBe(model.isValid(secret) ? 204 : 401);
  if (status === 204 && secret.token) {
    model.revokeTokensOf(secret.token.owner, secret.token);
  }
});

const revokeAll = onUser('revoke all tokens of', async (user, model, { client, asAdmin }) => {
  const { status } = await client.revokeUserTokens(user.name, asAdmin);

  expect(status).toBe(204);
  model.revokeTokensOf(user);
});

const revokeEveryone = fc.constant(
  command('revoke all tokens of all users', async (model, { client, asAdmin }) => {
    const { status } = await client.bulkTokens({ action: 'revoke', filter: {}, keepCurrent: true }, asAdmin);

    expect(status).toBe(200);
    model.users.forEach((user) => model.revokeTokensOf(user));
  }),
);

/** Actions on tokens. */
export const TOKEN_COMMANDS = [
  { weight: 8, arbitrary: create },
  { weight: 1, arbitrary: revoke },
  { weight: 4, arbitrary: toggle },
  { weight: 1, arbitrary: revokeOthers },
  { weight: 1, arbitrary: revokeAll },
  { weight: 1, arbitrary: revokeEveryone },
];
