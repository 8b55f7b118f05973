import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { tokenHeader } from '../support/api-client.js';
import { newUser } from '../support/factories.js';
import { scheduleRequests, Interleaving, type ScheduledServer } from '../support/interleaving.js';
import { timeout, runs } from '../support/unit/property-testing.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { expectFinalStatuses } from '../lab/model/final-statuses.js';
import { History } from '../lab/model/history.js';
import { runScript, script, type Subject } from '../lab/model/scripts.js';

/** Settings under which nothing expires or is deleted during the test, and no login is throttled. */
const server = useServer({
  environment: {
    LATCHKEY_TOKEN_CACHE_SECONDS: '300',
    LATCHKEY_AUDIT_RETENTION_DAYS: '0',
    LATCHKEY_LOGIN_LIMIT_PER_ADDRESS: '1000000',
  },
});
const asAdmin = useAdmin(server);
let held: ScheduledServer;

beforeAll(() => {
  held = scheduleRequests(server);
});

/** A user with a password and two tokens. */
async function makeUser(): Promise<Subject> {
  const user = newUser({ displayName: 'Nobody', roles: ['auditor'] });
  const made = await server.client.createUser(user, asAdmin);
  const { name } = user;
  expect(made.status).toBe(201);
  const [one, other] = await Promise.all([0, 1].map(() => server.client.createUserToken(name, asAdmin)));
  return { name, tokens: { one: tokenHeader(one!.body), other: tokenHeader(other!.body) } };
}

// Covers B26, B27, B32 in docs/explanation/security.md.
describe('requests about one user, in random interleavings', () => {
  it(
    'lose no change, and keep exactly the tokens valid that no request revoked',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.scheduler(),
          fc.array(script, { minLength: 4, maxLength: 8, size: 'max' }),
          async (scheduler, all) => {
            const user = await makeUser();
            const history = new History();

            await Interleaving.run(
              held,
              scheduler,
              all.map((one) => runScript(one, user, { client: server.client, asAdmin, history })),
            );

            const { body } = await server.client.user(user.name, asAdmin);
            history.expectOrder();
            history.expectNoLostChanges({ displayName: 'Nobody', enabled: true, roles: ['auditor'] }, body);
            history.expectImmediateRevocation();
            await expectFinalStatuses(history, user.tokens, body.enabled, server.client);
          },
        ),
        runs(25),
      );
    },
    timeout(180_000),
  );
});
