import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type CreateUserDto, type OfferDto, type UserTokenDto } from '@latchkey/auth-models';
import { basic, tokenHeader, type ApiClient, type Headers } from '../../support/api-client.js';
import { newApi, newRole, newUser, PASSWORD } from '../../support/factories.js';
import { type TestDatabase } from '../../support/test-database.js';
import { type Operation } from '../../http/operations/documented-api.js';
import { type Column } from './columns.js';

/** Credentials of a caller, if any. */
interface Caller {
  name: string;
  session?: UserTokenDto;
}

/** Server that all cells use, with its administrator and its database. */
export interface Matrix {
  client: ApiClient;
  asAdmin: Headers;
  database: TestDatabase;
}

/** User whose password every caller has. */
const MODEL = 'model';

/** Creates the user whose password every caller has. */
export async function createModel(matrix: Matrix): Promise<void> {
  await createUser(matrix, { name: MODEL });
}

/** One cell of the matrix: the caller, and the owner of the resource. */
export class Cell {
  private constructor(
    private readonly matrix: Matrix,
    private readonly column: Column,
    private readonly caller: Caller,
    /** Name of the owner of the resource. */
    readonly owner: string,
  ) {}

  /** Creates the caller of a column, and the owner of the resource. */
  static async of(column: Column, matrix: Matrix): Promise<Cell> {
    const caller = await Cell.createCaller(column, matrix);
    const roles = column.owner === 'administrator' ? ['admin'] : ['user'];
    const owner =
      column.owner === 'caller' ? caller.name : await createUser(matrix, { roles, password: undefined });
    return new Cell(matrix, column, caller, owner);
  }

  /** Returns the header fields with the caller's credentials for the security scheme of an operation. */
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

  /** Creates a token of the owner. */
  token(): Promise<UserTokenDto> {
    return prepare(this.matrix, 'POST', `/users/${this.owner}/tokens`, { note: 'created for a cell' });
  }

  /** Creates a token of the owner with a superseded secret. */
  async rotatedToken(): Promise<UserTokenDto> {
    const { id, version } = await this.token();
    return prepare(this.matrix, 'POST', `/tokens/${id}/rotate`, { gracePeriodSeconds: 60, version });
  }

  /** Sends a request with a revoked token of the owner and returns its id. */
  async rejectedRequest(): Promise<string> {
    const token = await this.token();
    await prepare(this.matrix, 'DELETE', `/tokens/${token.id}`);
    const { headers } = await this.matrix.client.verify(tokenHeader(token));
    return headers.get('x-request-id') ?? '';
  }

  /** Creates a role and returns its name. */
  async role(): Promise<string> {
    const { name } = newRole();
    await prepare(this.matrix, 'POST', '/roles', { name, permissions: ['users:read'] });
    return name;
  }

  /** Creates a token template and returns its name. */
  async tokenTemplate(): Promise<string> {
    const { name } = newRole();
    await prepare(this.matrix, 'POST', '/token-templates', { name, expiresIn: 60 });
    return name;
  }

  /** Creates an offer, by default for the owner, and returns its id. */
  async offer(state: 'requested' | 'offered', recipient?: 'caller'): Promise<string> {
    const id = randomUUID();
    // Inserted, because some callers have no credentials.
    await this.matrix.database.execute(
      `INSERT INTO offers (id, "userId", "creatorName", token, state, "creationTime", "expirationTime") ` +
        `SELECT '${id}', id, name, '{"expiresIn":60}', '${state}', 1, 9000000000000 FROM users ` +
        `WHERE name = '${recipient ? this.caller.name : this.owner}'`,
    );
    return id;
  }

  /** Creates an API and returns its name. */
  async api(): Promise<string> {
    const api = newApi('read');
    await prepare(this.matrix, 'POST', '/apis', api);
    return api.name;
  }

  /** Creates a set-up link for a new user and returns its secret. */
  async setUpSecret(): Promise<string> {
    const name = await createUser(this.matrix, { password: undefined });
    const { link } = await prepare<{ link: string }>(this.matrix, 'POST', `/users/${name}/set-up-link`);
    return link.split('#')[1] ?? '';
  }

  /** Creates a claim link for a new user and returns its secret. */
  async claimSecret(): Promise<string> {
    const name = await createUser(this.matrix, { password: undefined });
    const { link } = await prepare<OfferDto>(this.matrix, 'POST', `/users/${name}/offers`);
    return link?.split('#')[1] ?? '';
  }

  private static async createCaller({ roles, flaw }: Column, matrix: Matrix): Promise<Caller> {
    if (!roles) {
      return { name: 'nobody' };
    }
    const name = await createUser(matrix, { roles: [...roles], password: undefined });
    // Copied, because hashing passwords would take most of the time of the matrix.
    await matrix.database.execute(
      `UPDATE users SET "passwordHash" = ${storedHash(MODEL)} WHERE name = '${name}'`,
    );
    const session = await logIn(matrix.client, name);
    if (flaw === 'expired') {
      await matrix.database.execute(`UPDATE tokens SET "expirationTime" = 1 WHERE id = '${session.id}'`);
    }
    if (flaw === 'disabled') {
      await prepare(matrix, 'PATCH', `/users/${name}`, { enabled: false, version: 0 });
    }
    return { name, session };
  }
}

/** Logs in. Tries again if the queue of password hashes is full, as on a busy machine. */
async function logIn(client: ApiClient, name: string, attempts = 5): Promise<UserTokenDto> {
  const { status, body, text } = await client.login(name, PASSWORD);
  if (status === 503 && attempts > 1) {
    await pause(1_000);
    return logIn(client, name, attempts - 1);
  }
  if (status !== 200) {
    throw new Error(`The login of ${name} returned ${status}: ${text}`);
  }
  return body;
}

/** SQL of the stored password hash of a user. */
const storedHash = (name: string) => `(SELECT "passwordHash" FROM users WHERE name = '${name}')`;

async function createUser(matrix: Matrix, change: Partial<CreateUserDto>): Promise<string> {
  const user = newUser(change);
  await prepare(matrix, 'POST', '/users', user);
  return user.name;
}

/** Sends a request that prepares another one. */
export async function prepare<Body>(
  { client, asAdmin }: Pick<Matrix, 'client' | 'asAdmin'>,
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
