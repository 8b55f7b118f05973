import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newUser, PASSWORD } from '../support/factories.js';
import { timeout, replayOptions, runs } from '../support/unit/property-testing.js';
import { Model } from '../lab/model/model.js';
import { Real } from '../lab/model/real.js';
import { ROTATION_COMMANDS } from '../lab/model/rotation-commands.js';
import { logIn, SESSION_COMMANDS } from '../lab/model/session-commands.js';
import { TOKEN_COMMANDS } from '../lab/model/token-commands.js';
import { USER_COMMANDS } from '../lab/model/user-commands.js';

const COMMANDS_MAX = 50;

let real: Real;

beforeAll(async () => {
  real = await Real.start();
});

afterAll(() => real.remove());

/** Model of two new users with sessions, which also exist on the server. */
async function begin(): Promise<{ model: Model; real: Real }> {
  const model = new Model(real.now);
  for (const user of [newUser({ roles: [] }), newUser({ roles: [] })]) {
    expect((await real.client.createUser(user, real.asAdmin)).status).toBe(201);
    model.users.push({ name: user.name, password: PASSWORD, enabled: true, isAuditor: false, version: 0 });
  }
  for (const user of model.users) {
    await logIn(user, model, real);
  }
  return { model, real };
}

// Covers B12, B26, B27, B32 in docs/explanation/security.md.
describe('the server and a model of users, tokens, versions and time', () => {
  it(
    'agree on every token after each of any commands',
    async () => {
      const command = fc.oneof(
        ...SESSION_COMMANDS,
        ...TOKEN_COMMANDS,
        ...ROTATION_COMMANDS,
        ...USER_COMMANDS,
      );

      await fc.assert(
        fc.asyncProperty(
          fc.commands([command], { maxCommands: COMMANDS_MAX, size: 'max', ...replayOptions }),
          (commands) => fc.asyncModelRun(begin, commands),
        ),
        runs(4),
      );
    },
    timeout(180_000),
  );
});
