import { expect } from '@jest/globals';
import { type CreateRoleDto } from '@latchkey/auth-models';
import { type Headers } from './api-client.js';
import { newRole, newUser, PASSWORD } from './factories.js';
import { type RunningServer } from './use-server.js';

/** Creates roles and users with them and reads the audit events of a role. */
export function useRoles(server: RunningServer, asAdmin: Headers) {
  return {
    /** Creates a role and returns its name. */
    createRole: async (change: Partial<CreateRoleDto> = {}): Promise<string> => {
      const { status, body } = await server.client.createRole(newRole(change), asAdmin);
      expect(status).toBe(201);
      return body.name;
    },

    /** Creates a user with roles and returns the header fields of a session. */
    createHolder: async (...roles: string[]): Promise<Headers> => {
      const user = newUser({ roles });
      expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
      return server.client.loginHeaders(user.name, PASSWORD);
    },

    /** Returns the audit events of a role, oldest first. */
    auditEventsOf: async (name: string) => {
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
