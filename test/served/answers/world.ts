import { type UserDto, type UserTokenDto } from '@latchkey/auth-models';
import { ApiClient, basic, tokenHeader, type Headers } from '../../support/api-client.js';
import { ADMIN, newUser, PASSWORD } from '../../support/factories.js';

/** A running server with somebody to ask it, and fresh things to act on. */
export class World {
  private made = 0;

  private constructor(
    readonly client: ApiClient,
    /** An administrator's token. */
    readonly asAdmin: Headers,
    /** A plain user's token. */
    readonly asUser: Headers,
  ) {}

  static async on(client: ApiClient): Promise<World> {
    const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
    const { name } = newUser();
    await client.request('POST', '/users', { body: { name, password: PASSWORD }, headers: asAdmin });
    const world = new World(client, asAdmin, await client.loginHeaders(name, PASSWORD));
    await world.makeWhatIsEmpty();
    return world;
  }

  /** Sends a request that only prepares for another. */
  async prepare<Body>(method: string, path: string, body?: unknown, headers = this.asAdmin): Promise<Body> {
    const answer = await this.client.request<Body>(method, path, { body, headers });
    if (answer.status >= 300) {
      throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
    }
    return answer.body;
  }

  /** Makes things whose lists are empty, so that every list of things has one. */
  private async makeWhatIsEmpty(): Promise<void> {
    await this.prepare('POST', '/users', newUser({ roles: [] }));
    await this.prepare('POST', '/roles', { name: 'label', permissions: [] });
    await this.prepare('POST', '/me/tokens', { permissions: [] });
  }

  /** A new user. */
  user(): Promise<UserDto> {
    return this.prepare('POST', '/users', newUser());
  }

  /** A new role with a permission. */
  role(): Promise<{ name: string }> {
    this.made += 1;
    const body = {
      name: `role-${this.made}`,
      description: 'Made to be changed',
      permissions: ['users:read'],
    };
    return this.prepare('POST', '/roles', body);
  }

  /** A new API token of the administrator's own. */
  token(): Promise<UserTokenDto> {
    return this.prepare('POST', '/me/tokens', { note: 'made to be changed' });
  }

  /** The id of a token that was revoked. */
  async endedToken(): Promise<string> {
    const { id } = await this.token();
    await this.prepare('DELETE', `/tokens/${id}`);
    return id;
  }

  /** The name of a new user who has as many API tokens as one may have. */
  async userWithAllTokens(): Promise<string> {
    const { name } = await this.user();
    let status = 201;
    while (status === 201) {
      ({ status } = await this.client.createUserToken(name, this.asAdmin));
    }
    return name;
  }

  /** The name of a new role that somebody holds. */
  async heldRole(): Promise<string> {
    const { name } = await this.role();
    await this.prepare('POST', '/users', newUser({ roles: [name] }));
    return name;
  }

  /** A new session of the administrator's, as header fields. */
  async session(): Promise<Headers> {
    return tokenHeader(await this.login());
  }

  /** A new session of a new user's, with the password {@link PASSWORD}. */
  async sessionOfSomebody(): Promise<Headers> {
    const { name } = await this.user();
    return this.client.loginHeaders(name, PASSWORD);
  }

  /** A new session of the administrator's. */
  async login(): Promise<UserTokenDto> {
    return (await this.client.login(ADMIN.name, ADMIN.password)).body;
  }

  /** The secret of a set-up link for a new user. */
  async setUpSecret(): Promise<string> {
    const { name } = await this.user();
    const { link } = await this.prepare<{ link: string }>('POST', `/users/${name}/set-up-link`);
    return link.split('#')[1] ?? '';
  }

  /** The administrator's password, as `Authorization: Basic`. */
  readonly asBasic: Headers = { Authorization: basic(ADMIN.name, ADMIN.password) };
}
