import { afterEach, expect, jest } from '@jest/globals';
import { type CreateTokenDto, type CreateUserDto, type UserTokenDto } from '@latchkey/auth-models';
import { Clock } from '../../apps/api/src/common/clock.js';
import { tokenHeader, type Headers } from './api-client.js';
import { newRole, newUser, PASSWORD } from './factories.js';
import { type ServerInUse } from './use-server.js';

/** A token with the header field that presents it. */
export type TokenInUse = UserTokenDto & { headers: Headers };

/** What the audit trail has of one act. */
interface Entry {
  action: string;
  actorName: string;
  subjectKind: string;
  subjectName: string;
  before: unknown;
  after: unknown;
}

/** Makes users and their tokens, passes time, and reads what was recorded of tokens. */
export function useTokens(server: ServerInUse, asAdmin: Headers) {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const login = async (name: string, body = {}): Promise<TokenInUse> => {
    const { status, body: session } = await server.client.login(name, PASSWORD, { body });
    expect(status).toBe(200);
    return { ...session, headers: tokenHeader(session) };
  };

  return {
    login,

    /** Makes a user, and returns a session of theirs. */
    signUp: async (change: Partial<CreateUserDto> = {}): Promise<TokenInUse> => {
      const user = newUser(change);
      expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
      return login(user.name);
    },

    /** Makes a user who holds just these permissions, and returns a session of theirs. */
    signUpWith: async (...permissions: string[]): Promise<TokenInUse> => {
      const role = newRole({ permissions });
      expect((await server.client.createRole(role, asAdmin)).status).toBe(201);
      const user = newUser({ roles: [role.name] });
      expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
      return login(user.name);
    },

    /** Makes an API token with another token. */
    make: async ({ headers }: { headers: Headers }, dto?: CreateTokenDto): Promise<TokenInUse> => {
      const { status, body } = await server.client.createMyToken(headers, dto);
      expect(status).toBe(201);
      return { ...body, headers: tokenHeader(body) };
    },

    /** Stops the server's clock at this time until the test ends. */
    stopClock: (time: number | string): void => {
      jest.spyOn(server.app.get(Clock), 'now').mockReturnValue(new Date(time).getTime());
    },

    /** What the audit trail has of a token or a user by id, oldest first. */
    trailOf: async (id: string): Promise<Entry[]> => {
      const rows = await server.database.query<Entry & { before: string; after: string }>(
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

/** An instant so many milliseconds from now, as the API takes it. */
export function fromNow(milliseconds: number): string {
  return new Date(Date.now() + milliseconds).toISOString();
}
