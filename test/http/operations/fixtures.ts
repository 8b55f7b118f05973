import { randomUUID } from 'node:crypto';
import { type OfferDto, type CreateApiDto, type UserDto, type UserTokenDto } from '@latchkey/auth-models';
import { ApiClient, basic, tokenHeader, type Headers, bytesOf } from '../../support/api-client.js';
import { checkResponse } from '../../support/check-response.js';
import { ADMIN, newApi, newRole, newUser, PASSWORD } from '../../support/factories.js';
import { type Example } from './examples.js';

/** Name of a template without permissions. */
export const TEMPLATE = 'template';

/** Response as it was received. */
export interface ReceivedResponse {
  status: number;
  headers: globalThis.Headers;
  bytes: Uint8Array;
}

/** Callers of a running server, and new data for each request. */
export class Fixtures {
  private roleCount = 0;

  private constructor(
    readonly client: ApiClient,
    /** Token of an administrator. */
    readonly asAdmin: Headers,
    /** Token of a user without permissions. */
    readonly asUser: Headers,
  ) {}

  static async on(client: ApiClient): Promise<Fixtures> {
    const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
    const { name } = newUser();
    await client.request('POST', '/users', { body: { name, password: PASSWORD }, headers: asAdmin });
    const fixtures = new Fixtures(client, asAdmin, await client.loginHeaders(name, PASSWORD));
    await fixtures.fillLists();
    return fixtures;
  }

  /** Sends the request of an example, by default as an administrator. */
  async send(route: string, { path, body, headers = this.asAdmin }: Example): Promise<ReceivedResponse> {
    const isText = typeof body === 'string';
    const response = await fetch(this.client.baseUrl + path, {
      method: route.split(' ')[0],
      headers: { ...(body !== undefined && !isText && { 'Content-Type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
    });
    const bytes = await bytesOf(response);
    checkResponse({
      path,
      status: response.status,
      field: (name) => response.headers.get(name),
      text: bytes.toString(),
    });
    return { status: response.status, headers: response.headers, bytes };
  }

  /** Sends a request that must succeed, to prepare another one. */
  async prepare<Body>(method: string, path: string, body?: unknown, headers = this.asAdmin): Promise<Body> {
    const response = await this.client.request<Body>(method, path, { body, headers });
    if (response.status >= 300) {
      throw new Error(`${method} ${path} returned ${response.status}: ${response.text}`);
    }
    return response.body;
  }

  /** Creates resources with empty lists, so that responses contain each kind of empty list. */
  private async fillLists(): Promise<void> {
    await this.prepare('POST', '/users', newUser({ roles: [] }));
    await this.prepare('POST', '/roles', { name: 'label', permissions: [] });
    await this.prepare('POST', '/me/tokens', { permissions: [] });
    await this.prepare('POST', '/token-templates', { name: TEMPLATE, permissions: [], expiresIn: 3_600 });
  }

  /** Sends a request with a new token and then revokes the token. Returns its id. */
  async rejectedToken(traceId = randomUUID()): Promise<string> {
    const token = await this.token();
    await this.prepare('DELETE', `/tokens/${token.id}`);
    await this.client.verify({ ...tokenHeader(token), 'X-Request-Id': traceId });
    return token.id;
  }

  /** Sends a request that is rejected and returns its id. */
  async rejectedRequest(): Promise<string> {
    const traceId = randomUUID();
    await this.rejectedToken(traceId);
    return traceId;
  }

  /** Creates a user. */
  user(): Promise<UserDto> {
    return this.prepare('POST', '/users', newUser());
  }

  /** Creates a role with one permission. */
  role(): Promise<{ name: string }> {
    this.roleCount += 1;
    const body = {
      name: `role-${this.roleCount}`,
      description: 'Created to be changed',
      permissions: ['users:read'],
    };
    return this.prepare('POST', '/roles', body);
  }

  /** Creates an API token of the administrator. */
  token(): Promise<UserTokenDto> {
    return this.prepare('POST', '/me/tokens', { note: 'created to be changed' });
  }

  /** Creates an API token of the administrator with a superseded secret. */
  async rotatedToken(): Promise<UserTokenDto> {
    const { id, version } = await this.token();
    return this.prepare('POST', `/tokens/${id}/rotate`, { gracePeriodSeconds: 60, version });
  }

  /** Creates and revokes a token and returns its id. */
  async revokedToken(): Promise<string> {
    const { id } = await this.token();
    await this.prepare('DELETE', `/tokens/${id}`);
    return id;
  }

  /** Creates a user with the maximum number of API tokens and returns the name. */
  async userAtTokenLimit(): Promise<string> {
    const { name } = await this.user();
    let status = 201;
    while (status === 201) {
      ({ status } = await this.client.createUserToken(name, this.asAdmin));
    }
    return name;
  }

  /** Creates a role and a user with it and returns the name of the role. */
  async assignedRole(): Promise<string> {
    const { name } = await this.role();
    await this.prepare('POST', '/users', newUser({ roles: [name] }));
    return name;
  }

  async api(): Promise<CreateApiDto> {
    const api = newApi('read');
    await this.prepare('POST', '/apis', api);
    return api;
  }

  /** Creates an API whose permission a role grants. Returns its name. */
  async usedApi(): Promise<string> {
    const { name, permissions = [] } = await this.api();
    const role = newRole({ permissions: permissions.map((permission) => permission.name) });
    await this.prepare('POST', '/roles', role);
    return name;
  }

  /** Creates a token template and returns its name. */
  async tokenTemplate(): Promise<string> {
    const { name } = newRole();
    await this.prepare('POST', '/token-templates', { name, expiresIn: 3_600, note: 'nightly' });
    return name;
  }

  /**
   * Creates an offer that a new user requests. Returns its id, and the header fields of the user's session.
   */
  async requestedOffer(): Promise<{ id: string; headers: Headers }> {
    const headers = await this.sessionOfNewUser();
    const body = { template: TEMPLATE, reason: 'Backups' };
    const { id } = await this.prepare<{ id: string }>('POST', '/me/offers', body, headers);
    return { id, headers };
  }

  /** Creates an offer like {@link requestedOffer}, and approves or rejects it. */
  async decidedOffer(decision: 'approve' | 'reject'): Promise<{ id: string; headers: Headers }> {
    const request = await this.requestedOffer();
    await this.prepare('POST', `/offers/${request.id}/${decision}`, { reason: 'Decided' });
    return request;
  }

  /**
   * Creates a user with the maximum number of requested offers and returns the header fields of a session.
   */
  async userAtRequestedOfferLimit(): Promise<Headers> {
    const { headers } = await this.requestedOffer();
    let status = 201;
    while (status === 201) {
      ({ status } = await this.client.requestToken({ template: TEMPLATE }, headers));
    }
    return headers;
  }

  /** Creates a session of the administrator and returns its header fields. */
  async session(): Promise<Headers> {
    return tokenHeader(await this.login());
  }

  /** Creates a user with the password {@link PASSWORD} and returns the header fields of a session. */
  async sessionOfNewUser(): Promise<Headers> {
    const { name } = await this.user();
    return this.client.loginHeaders(name, PASSWORD);
  }

  /** Creates a session of the administrator. */
  async login(): Promise<UserTokenDto> {
    return (await this.client.login(ADMIN.name, ADMIN.password)).body;
  }

  /** Creates a user with a set-up link and returns the secret of the link. */
  async setUpSecret(): Promise<string> {
    const { name } = await this.user();
    const { link } = await this.prepare<{ link: string }>('POST', `/users/${name}/set-up-link`);
    return link.split('#')[1] ?? '';
  }

  /** Creates an offer with a link for a new user. */
  async offerWithLink(): Promise<{ id: string; secret: string }> {
    const { name } = await this.user();
    const { id, link = '' } = await this.prepare<OfferDto>('POST', `/users/${name}/offers`, {});
    return { id, secret: link.split('#')[1] ?? '' };
  }

  /** Creates an offer with a link, and claims it. */
  async claimedOffer(): Promise<{ id: string; secret: string }> {
    const link = await this.offerWithLink();
    await this.client.claim(link.secret);
    return link;
  }

  /** Creates a user with the maximum number of open offers with a link and returns the name. */
  async userAtOfferLimit(): Promise<string> {
    const { name } = await this.user();
    let status = 201;
    while (status === 201) {
      ({ status } = await this.client.createOffer(name, this.asAdmin));
    }
    return name;
  }

  /** `Authorization: Basic` of the administrator. */
  readonly asBasic: Headers = { Authorization: basic(ADMIN.name, ADMIN.password) };
}
