import { expect } from '@jest/globals';
import { type CreateRoleDto } from '@latchkey/auth-models';
import { type Headers } from './api-client.js';
import { newRole, newUser, PASSWORD } from './factories.js';
import { type ServerInUse } from './use-server.js';

/** Makes roles and their holders on the administrator's account, and reads what was recorded of a role. */
export function useRoles(server: ServerInUse, asAdmin: Headers) {
  return {
    /** Makes a role, and returns its name. */
    makeRole: async (change: Partial<CreateRoleDto> = {}): Promise<string> => {
      const { status, body } = await server.client.createRole(newRole(change), asAdmin);
      expect(status).toBe(201);
      return body.name;
    },

    /** Makes a user who holds roles, and returns the header fields of their token. */
    makeHolder: async (...roles: string[]): Promise<Headers> => {
      const user = newUser({ roles });
      expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
      return server.client.loginHeaders(user.name, PASSWORD);
    },

    /** What the audit trail has of a role, oldest first. */
    trailOf: async (name: string) => {
      const rows = await server.database.query<Record<string, string>>(
        `SELECT "action", "actorName", "subjectKind", "subjectName", "before", "after" FROM "audit_events" ` +
          `WHERE "subjectName" = '${name}' ORDER BY "sequence"`,
      );
      return rows.map(({ before, after, ...row }) => ({
        ...row,
        before: JSON.parse(before ?? 'null') as unknown,
        after: JSON.parse(after ?? 'null') as unknown,
      }));
    },
  };
}
