import { expect } from '@jest/globals';
import fc from 'fast-check';
import { command, MOSTLY, onToken, onUser, presented, withSecret, written } from './command.js';
import { managing, OVER } from './managing.js';
import { SECONDS } from './model.js';
import { meaning, MEANINGS } from './meanings.js';

const make = withSecret('make a token', async (secret, model, { client }) => {
  const { status, body } = await client.createMyToken(presented(secret));

  expect(status).toBe(managing(model, secret, 201));
  if (status === 201 && secret.token) {
    const { owner, kind, expirationTime: end } = secret.token;
    const latest = kind === 'api' ? end : Infinity;
    const expirationTime = Math.min(model.now + SECONDS.api * 1_000, latest);
    expect(body.expirationTime).toBe(written(expirationTime));
    model.issue({ id: body.id, owner, kind: 'api', secret: body.token!, expirationTime });
  }
});

const revoke = onToken('revoke', async (token, model, { client, asAdmin }) => {
  const { status } = await client.revokeToken(token.id, asAdmin);

  expect(status).toBe(model.isOver(token) ? 404 : 204);
  token.isRevoked = true;
});

const toggle = fc.tuple(MOSTLY, MEANINGS).chain(([enabled, means]) =>
  onToken(`switch ${enabled ? 'on' : 'off'}, ${means},`, async (token, model, { client, asAdmin }) => {
    const { body, headers, refusal } = meaning(means, token.version);
    const { status } = await client.updateToken(token.id, { enabled, ...body }, { ...asAdmin, ...headers });

    expect(model.isOver(token) ? OVER : [refusal ?? 200]).toContain(status);
    if (status === 200) {
      const version = token.version + (token.enabled === enabled ? 0 : 1);
      Object.assign(token, { enabled, version });
    }
  }),
);

const endOthers = withSecret('end the own others', async (secret, model, { client }) => {
  const { status } = await client.revokeMyOtherTokens(presented(secret));

  expect(status).toBe(model.isGood(secret) ? 204 : 401);
  if (status === 204 && secret.token) {
    model.endTokensOf(secret.token.owner, secret.token);
  }
});

const endAll = onUser('end all', async (user, model, { client, asAdmin }) => {
  const { status } = await client.revokeUserTokens(user.name, asAdmin);

  expect(status).toBe(204);
  model.endTokensOf(user);
});

const endEverybodys = fc.constant(
  command('end everybody’s', async (model, { client, asAdmin }) => {
    const { status } = await client.bulkTokens({ action: 'revoke', filter: {}, keepCurrent: true }, asAdmin);

    expect(status).toBe(200);
    model.users.forEach((user) => model.endTokensOf(user));
  }),
);

/** What is done with tokens. */
export const TOKEN_COMMANDS = [
  { weight: 8, arbitrary: make },
  { weight: 1, arbitrary: revoke },
  { weight: 4, arbitrary: toggle },
  { weight: 1, arbitrary: endOthers },
  { weight: 1, arbitrary: endAll },
  { weight: 1, arbitrary: endEverybodys },
];
