import { type CreateUserDto, type UserTokenDto } from '@latchkey/auth-models';
import { basic, tokenHeader, type ApiClient, type Headers } from '../../support/api-client.js';
import { newRole, newUser, PASSWORD } from '../../support/factories.js';
import { type TestDatabase } from '../../support/test-database.js';
import { type Operation } from '../../served/operations/documented-api.js';
import { type Column } from './columns.js';

/** What a caller presents; nobody presents nothing. */
interface Caller {
  name: string;
  session?: UserTokenDto;
}

/** What the cells of the matrix are played on: a server, an administrator who prepares, and its database. */
export interface Theatre {
  client: ApiClient;
  asAdmin: Headers;
  database: TestDatabase;
}

/** One cell of the matrix: its caller, and whose things are called for. */
export class Stage {
  private constructor(
    private readonly theatre: Theatre,
    private readonly column: Column,
    private readonly caller: Caller,
    /** Name of the user whose things are called for. */
    readonly owner: string,
  ) {}

  /** Makes the caller of a column, and the user whose things they call for. */
  static async of(column: Column, theatre: Theatre): Promise<Stage> {
    const caller = await Stage.makeCaller(column, theatre);
    const roles = column.owner === 'administrator' ? ['admin'] : ['user'];
    const owner =
      column.owner === 'caller' ? caller.name : await makeUser(theatre, { roles, password: undefined });
    return new Stage(theatre, column, caller, owner);
  }

  /** The header fields with which the caller asks for an operation, by its security scheme. */
  credentialsFor({ security = [] }: Operation): Headers {
    const { session } = this.caller;
    if (!session) {
      return {};
    }
    const schemes = security.flatMap((scheme) => Object.keys(scheme));
    if (schemes.includes('basic') && this.column.flaw !== 'expired') {
      return { Authorization: basic(this.caller.name, PASSWORD) };
    }
    return schemes.includes('session-cookie')
      ? { Cookie: `__Host-latchkey=${session.token}` }
      : tokenHeader(session);
  }

  /** A new token of the owner's. */
  token(): Promise<UserTokenDto> {
    return prepare(this.theatre, 'POST', `/users/${this.owner}/tokens`, { note: 'made for a cell' });
  }

  /** A new role, by its name. */
  async role(): Promise<string> {
    const { name } = newRole();
    await prepare(this.theatre, 'POST', '/roles', { name, permissions: ['users:read'] });
    return name;
  }

  /** The secret of a set-up link for somebody. */
  async setUpSecret(): Promise<string> {
    const name = await makeUser(this.theatre, { password: undefined });
    const { link } = await prepare<{ link: string }>(this.theatre, 'POST', `/users/${name}/set-up-link`);
    return link.split('#')[1] ?? '';
  }

  private static async makeCaller({ roles, flaw }: Column, theatre: Theatre): Promise<Caller> {
    if (!roles) {
      return { name: 'nobody' };
    }
    const name = await makeUser(theatre, { roles: [...roles] });
    const { body: session } = await theatre.client.login(name, PASSWORD);
    if (flaw === 'expired') {
      await theatre.database.execute(`UPDATE tokens SET "expirationTime" = 1 WHERE id = '${session.id}'`);
    }
    if (flaw === 'disabled') {
      await prepare(theatre, 'PATCH', `/users/${name}`, { enabled: false, version: 0 });
    }
    return { name, session };
  }
}

async function makeUser(theatre: Theatre, change: Partial<CreateUserDto>): Promise<string> {
  const user = newUser(change);
  await prepare(theatre, 'POST', '/users', user);
  return user.name;
}

/** Sends a request that only prepares for another. */
export async function prepare<Body>(
  { client, asAdmin }: Pick<Theatre, 'client' | 'asAdmin'>,
  method: string,
  path: string,
  body?: unknown,
): Promise<Body> {
  const answer = await client.request<Body>(method, path, { body, headers: asAdmin });
  if (answer.status >= 300) {
    throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
  }
  return answer.body;
}
