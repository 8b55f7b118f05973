import { expect } from '@jest/globals';
import fc from 'fast-check';
import { type UserTokenDto } from '@latchkey/auth-models';
import { onToken, presented, withSecret } from './command.js';
import { EXPIRED_OR_REVOKED, expectedWriteStatus, SECONDS, type Model, type ModelToken } from './model.js';

/** Checks the response of a rotation and updates the token of the model. */
function applyRotation(model: Model, token: ModelToken, body: UserTokenDto, graceSeconds: number): void {
  const { kind, creationTime, secret, owner } = token;
  const latest =
    kind === 'api' ? model.now + SECONDS.longest * 1_000 : creationTime + SECONDS.session * 1_000;
  token.expirationTime = Date.parse(body.expirationTime ?? '');
  expect(token.expirationTime).toBeGreaterThan(model.now);
  expect(token.expirationTime).toBeLessThanOrEqual(latest);
  if (kind === 'session') {
    token.idleExpirationTime = Math.min(model.now + SECONDS.idle * 1_000, token.expirationTime);
  }
  const until = Math.min(model.now + graceSeconds * 1_000, token.expirationTime);
  token.superseded = graceSeconds === 0 ? undefined : { secret, until };
  token.secret = body.token!;
  token.version += 1;
  expect(body.version).toBe(token.version);
  model.issuedSecrets.push({ text: token.secret, user: owner.name });
}

const grace = fc.constantFrom(0, 1, SECONDS.cache, 10 * SECONDS.longest);

const rotate = grace.chain((gracePeriodSeconds) =>
  onToken(`rotate, with ${gracePeriodSeconds} s of grace,`, async (token, model, { client, asAdmin }) => {
    const { status, body } = await client.rotateToken(token.id, asAdmin, { gracePeriodSeconds });

    expect(model.isExpiredOrRevoked(token) ? EXPIRED_OR_REVOKED : [200]).toContain(status);
    if (status === 200) {
      applyRotation(model, token, body, gracePeriodSeconds);
    }
  }),
);

const rotateItself = grace.chain((gracePeriodSeconds) =>
  withSecret(`rotate itself, with ${gracePeriodSeconds} s of grace,`, async (secret, model, { client }) => {
    const id = secret.token?.id ?? 'unknown';
    const { status, body } = await client.rotateToken(id, presented(secret), { gracePeriodSeconds });

    expect(status).toBe(expectedWriteStatus(model, secret, 200));
    if (status === 200 && secret.token) {
      applyRotation(model, secret.token, body, gracePeriodSeconds);
    }
  }),
);

/** Rotations of tokens. */
export const ROTATION_COMMANDS = [
  { weight: 3, arbitrary: rotate },
  { weight: 3, arbitrary: rotateItself },
];
