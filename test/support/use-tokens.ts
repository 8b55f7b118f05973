import { afterEach, expect, jest } from '@jest/globals';
import { type CreateTokenDto, type CreateUserDto, type UserTokenDto } from '@latchkey/auth-models';
import { tokenHeader, type Headers } from './api-client.js';
import { newRole, newUser, PASSWORD } from './factories.js';
import { type RunningServer } from './use-server.js';

/** Token with its header field. */
export type TokenWithHeaders = UserTokenDto & { headers: Headers };

/** Audit event. */
interface AuditRow {
  action: string;
  actorName: string;
  subjectKind: string;
  subjectName: string;
  before: unknown;
  after: unknown;
}

/** Creates users and tokens, sets the clock, and reads the audit events of tokens. */
export function useTokens(server: RunningServer, asAdmin: Headers) {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const login = async (name: string, body = {}): Promise<TokenWithHeaders> => {
    const { status, body: session } = await server.client.login(name, PASSWORD, { body });
    expect(status).toBe(200);
    return { ...session, headers: tokenHeader(session) };
  };

  return {
    login,

    /** Creates a user and returns a session. */
    signUp: async (change: Partial<CreateUserDto> = {}): Promise<TokenWithHeaders> => {
      const user = newUser(change);
      expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
      return login(user.name);
    },

    /** Creates a user with exactly these permissions and returns a session. */
    signUpWithPermissions: async (...permissions: string[]): Promise<TokenWithHeaders> => {
      const role = newRole({ permissions });
      expect((await server.client.createRole(role, asAdmin)).status).toBe(201);
      const user = newUser({ roles: [role.name] });
      expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
      return login(user.name);
    },

    /** Creates an API token with another token. */
    createToken: async (
      { headers }: { headers: Headers },
      dto?: CreateTokenDto,
    ): Promise<TokenWithHeaders> => {
      const { status, body } = await server.client.createMyToken(headers, dto);
      expect(status).toBe(201);
      return { ...body, headers: tokenHeader(body) };
    },

    /** Returns the audit events of a token or a user by id, oldest first. */
    auditEventsOf: async (id: string): Promise<AuditRow[]> => {
      const rows = await server.database.query<AuditRow & { before: string; after: string }>(
        `SELECT "action", "actorName", "subjectKind", "subjectName", "before", "after" FROM "audit_events" ` +
          `WHERE "subjectId" = '${id}' ORDER BY "sequence"`,
      );
      return rows.map((row) => ({
        ...row,
        before: JSON.parse(row.before ?? 'null') as unknown,
        after: JSON.parse(row.after ?? 'null') as unknown,
      }));
    },
  };
}

/** Returns the time in this number of milliseconds, RFC 3339. */
export function fromNow(milliseconds: number): string {
  return new Date(Date.now() + milliseconds).toISOString();
}
