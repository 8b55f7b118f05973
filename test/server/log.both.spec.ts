import { describe, expect, it } from '@jest/globals';
import { newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

describe('an insert that fails in the database', () => {
  it('adds neither its parameters nor its row to the log, nor details to the response', async () => {
    // The error of the driver contains all parameters.
    await server.database.execute('ALTER TABLE "users" RENAME COLUMN "email" TO "broken"');
    const user = newUser({ displayName: 'Nobody Knows' });

    const { status, body, text } = await server.client.createUser(user, asAdmin);

    expect([status, body.code]).toEqual([500, 'internal_error']);
    expect(text).not.toMatch(/select|insert|column|email|sqlite|postgres|\.ts|node_modules/i);
    expect(server.log).toContain(body.traceId);
    for (const value of ['$argon2id$', 'Nobody Knows', PASSWORD]) {
      expect(server.log).not.toContain(value);
    }
  });
});
