import { randomUUID } from 'node:crypto';
import {
  type CreateEventTargetDto,
  type CreateUserDto,
  type NewTotpDto,
  type OfferDto,
  type PasskeyCreationOptionsDto,
  type PasskeyCredentialDto,
  type UserDto,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { entryOf, TEMPLATE } from '../../routes.js';
import {
  basic,
  exchange,
  tokenHeader,
  type ApiClient,
  type Headers,
  type ReceivedResponse,
} from '../api-client.js';
import { currentCode, enrol } from '../authenticator.js';
import { checkResponse } from '../check-response.js';
import { ADMIN, newApi, newRole, newUser, PASSWORD } from '../factories.js';
import { addPasskey, requestOptions, SoftwarePasskey } from '../software-passkey.js';
import { isChange, type Example } from './route.js';

/** User with a session. */
export interface Caller {
  name: string;
  password: string;
  session: UserTokenDto;
  /** Header field with the token of the session. */
  headers: Headers;
}

/** Request to a route, with credentials. */
export interface RouteRequest {
  method: string;
  path: string;
  headers: Headers;
  body?: unknown;
}

/** Request with the names that its audit entry contains. */
export interface PreparedRequest extends RouteRequest {
  caller: Caller;
  /** User that the resources belong to; `undefined` if the request needs none. */
  owner?: string;
  /** Value of the parameter in the path. */
  param?: string;
}

/** Not sorted, unlike lists in responses. */
const UNSORTED_PERMISSIONS = ['users:read', 'tokens:read'];

/** Caller of a request, and new resources for it, on a running server. */
export class Fixtures {
  private totp: NewTotpDto | undefined;
  private isConfirmed = false;

  private constructor(
    readonly client: ApiClient,
    /** The first administrator. */
    readonly admin: Caller,
    /** A user without permissions. */
    readonly user: Caller,
    /** Caller of the request that is prepared. */
    readonly caller: Caller,
    private ownerName?: string,
  ) {}

  static async on(client: ApiClient): Promise<Fixtures> {
    const admin = await logIn(client, ADMIN.name, ADMIN.password);
    const alone = new Fixtures(client, admin, admin, admin);
    const fixtures = new Fixtures(client, admin, await alone.newCaller(), admin);
    await fixtures.fillLists();
    return fixtures;
  }

  /**
   * Prepares a request to a route, by default the successful one. A new user sends changes of `own` routes,
   * and the administrator other requests.
   */
  async requestTo(
    route: string,
    { example = entryOf(route), caller, owner }: { example?: Example; caller?: Caller; owner?: string } = {},
  ): Promise<PreparedRequest> {
    const { access, scheme } = entryOf(route);
    const [method = '', pattern = ''] = route.split(' ');
    const usual = access === 'own' && isChange(route) ? () => this.newCaller() : () => this.admin;
    const at = new Fixtures(this.client, this.admin, this.user, caller ?? (await usual()), owner);
    const { param, query = '', body, headers } = example;
    const value = await param?.(at);
    return {
      method,
      path: pattern.replace(/\{\w+\}/, value ?? '') + (typeof query === 'string' ? query : query()),
      headers: {
        ...(access !== 'public' && credentialsOf(at.caller, scheme)),
        ...(typeof headers === 'function' ? await headers(at) : headers),
      },
      body: typeof body === 'function' ? await (body as (at: Fixtures) => unknown)(at) : body,
      caller: at.caller,
      owner: at.ownerName,
      param: value,
    };
  }

  /** Sends a request. A text is sent as it is, and other bodies as JSON. */
  async send({ method, path, body, headers }: RouteRequest): Promise<ReceivedResponse> {
    const isForm = body instanceof URLSearchParams;
    const isJson = typeof body === 'object' && !isForm;
    const type = (isJson && 'application/json') || (isForm && 'application/x-www-form-urlencoded');
    const response = await exchange(this.client.baseUrl + path, {
      method,
      headers: { ...(type && { 'Content-Type': type }), ...headers },
      ...(body !== undefined && {
        body: isJson ? JSON.stringify(body) : isForm ? body.toString() : (body as string),
      }),
    });
    checkResponse({
      path,
      status: response.status,
      field: (name) => response.headers.get(name),
      text: response.bytes.toString(),
    });
    return response;
  }

  /** Sends a request that must succeed, by default as the administrator, to prepare another one. */
  async prepare<Body>(
    method: string,
    path: string,
    body?: unknown,
    headers = this.admin.headers,
  ): Promise<Body> {
    const response = await this.client.request<Body>(method, path, { body, headers });
    if (response.status >= 300) {
      throw new Error(`${method} ${path} returned ${response.status}: ${response.text}`);
    }
    return response.body;
  }

  /** Creates a user and logs in. */
  async newCaller(change: Partial<CreateUserDto> = {}): Promise<Caller> {
    return logIn(this.client, await this.newUser(change), PASSWORD);
  }

  /** Creates a user with the password {@link PASSWORD} and returns the name. */
  newUser(change: Partial<CreateUserDto> = {}): Promise<string> {
    return this.create('/users', newUser({ displayName: 'Anne', email: 'anne@example.org', ...change }));
  }

  /** Returns the name of the user that the resources of this request belong to. Creates it on first use. */
  async owner(): Promise<string> {
    this.ownerName ??= await this.newUser();
    return this.ownerName;
  }

  /** Creates an API token of the owner. */
  async token(): Promise<UserTokenDto> {
    return this.prepare('POST', `/users/${await this.owner()}/tokens`, { note: 'created to be changed' });
  }

  /** Creates an API token that has two permissions, if its owner is new, and returns its id. */
  async limitedToken(): Promise<string> {
    const permissions = this.ownerName === undefined ? UNSORTED_PERMISSIONS : [];
    this.ownerName ??= await this.newUser({ roles: ['auditor'] });
    return (await this.prepare<UserTokenDto>('POST', `/users/${this.ownerName}/tokens`, { permissions })).id;
  }

  /** Creates an API token with a superseded secret and returns its id. */
  async rotatedToken(): Promise<string> {
    const { id, version } = await this.token();
    await this.prepare('POST', `/tokens/${id}/rotate`, { gracePeriodSeconds: 60, version });
    return id;
  }

  /** Creates and revokes a token and returns its id. */
  async revokedToken(): Promise<string> {
    const { id } = await this.token();
    await this.prepare('DELETE', `/tokens/${id}`);
    return id;
  }

  /** Sends a request with a revoked token. Returns the ids of both. */
  async rejectedRequest(): Promise<{ traceId: string; tokenId: string }> {
    const token = await this.token();
    const traceId = randomUUID();
    await this.prepare('DELETE', `/tokens/${token.id}`);
    await this.client.verify({ ...tokenHeader(token), 'X-Request-Id': traceId });
    return { traceId, tokenId: token.id };
  }

  /** Creates tokens until a user has the maximum number of them. Returns the name of the user. */
  async fillTokens(user: string): Promise<string> {
    while ((await this.client.createUserToken(user, this.admin.headers)).status === 201);
    return user;
  }

  /** Creates a set-up link for the owner and returns its secret. */
  async setUpSecret(): Promise<string> {
    return secretOf(await this.prepare('POST', `/users/${await this.owner()}/set-up-link`));
  }

  /** Creates an offer with a link for the owner. */
  async claimLink(): Promise<{ id: string; secret: string }> {
    const offer = await this.prepare<OfferDto>('POST', `/users/${await this.owner()}/offers`, {});
    return { id: offer.id, secret: secretOf(offer) };
  }

  /** Creates an offer with a link, and claims it. */
  async claimedLink(): Promise<{ id: string; secret: string }> {
    const link = await this.claimLink();
    await this.client.claim(link.secret);
    return link;
  }

  /** Creates a user with the maximum number of open offers with a link and returns the name. */
  async userAtOfferLimit(): Promise<string> {
    const name = await this.owner();
    while ((await this.client.createOffer(name, this.admin.headers)).status === 201);
    return name;
  }

  /** Creates an offer that a user requests, by default the owner, and returns its id. */
  async requestedOffer(by?: Caller): Promise<string> {
    // Only a session can request tokens.
    const { headers } = by ?? (await logIn(this.client, await this.owner(), PASSWORD));
    const body = { template: TEMPLATE, reason: 'Backups' };
    return (await this.prepare<OfferDto>('POST', '/me/offers', body, headers)).id;
  }

  /** Creates an offer like {@link requestedOffer}, and approves or rejects it. */
  async decidedOffer(decision: 'approve' | 'reject', by?: Caller): Promise<string> {
    const id = await this.requestedOffer(by);
    await this.prepare('POST', `/offers/${id}/${decision}`, { reason: 'Decided' });
    return id;
  }

  /** Requests tokens until the caller has the maximum number of requests. Returns the template. */
  async fillRequests(): Promise<string> {
    while ((await this.client.requestToken({ template: TEMPLATE }, this.caller.headers)).status === 201);
    return TEMPLATE;
  }

  /** Creates a role with two permissions and returns its name. */
  role(): Promise<string> {
    const permissions = UNSORTED_PERMISSIONS;
    return this.create('/roles', newRole({ description: 'To be changed', permissions }));
  }

  /** Creates a role and a user with it and returns the name of the role. */
  async assignedRole(): Promise<string> {
    const role = await this.role();
    await this.newUser({ roles: [role] });
    return role;
  }

  /** Creates an API with two permissions and returns its name. */
  api(): Promise<string> {
    return this.create('/apis', newApi('write', 'read'));
  }

  /** Creates an API whose permission a role grants. Returns its name. */
  async usedApi(): Promise<string> {
    const name = await this.api();
    await this.create('/roles', newRole({ permissions: [`${name}:read`] }));
    return name;
  }

  /** Creates a token template and returns its name. */
  tokenTemplate(): Promise<string> {
    const { name } = newRole();
    return this.create('/token-templates', {
      name,
      permissions: UNSORTED_PERMISSIONS,
      roles: ['user', 'auditor'],
      expiresIn: 3_600,
      note: 'nightly',
    });
  }

  /** Creates a webhook that no process listens to. Returns its name. */
  eventTarget(members: Partial<CreateEventTargetDto> = {}): Promise<string> {
    const { name } = newRole();
    return this.create('/event-targets', {
      name,
      kind: 'webhook',
      // No process listens on port 1.
      url: 'http://127.0.0.1:1/hook',
      types: ['token.leaked'],
      ...members,
    });
  }

  /** Creates an event target to which the creation of a token has been queued. Returns its name. */
  async eventTargetWithDeliveries(): Promise<string> {
    const name = await this.eventTarget({ types: ['token.created'] });
    const since = new Date(Date.now() - 86_400_000).toISOString();
    await this.prepare('POST', `/event-targets/${name}/redeliver`, { since });
    return name;
  }

  private async create<Body extends { name: string }>(path: string, body: Body): Promise<string> {
    await this.prepare('POST', path, body);
    return body.name;
  }

  /** Returns an authenticator app of the caller that is not confirmed. Creates it on first use. */
  async newTotp(): Promise<NewTotpDto> {
    this.totp ??= await this.prepare<NewTotpDto>(
      'POST',
      '/me/second-factors/totp',
      undefined,
      this.caller.headers,
    );
    return this.totp;
  }

  /** Adds a second factor to the caller on first use. */
  async secondFactor(): Promise<NewTotpDto> {
    const totp = await this.newTotp();
    if (!this.isConfirmed) {
      const path = `/me/second-factors/${totp.id}/confirm`;
      await this.prepare('POST', path, { code: currentCode(totp.secret) }, this.caller.headers);
      this.isConfirmed = true;
    }
    return totp;
  }

  /** Creates a user with the owner's roles and a second factor. Fixtures log in as the owner without one. */
  async enrolledOwner(): Promise<string> {
    const { roles } = await this.prepare<UserDto>('GET', `/users/${await this.owner()}`);
    const name = await this.newUser({ roles });
    await enrol(this.client, (await logIn(this.client, name, PASSWORD)).headers);
    return name;
  }

  /** Adds a second factor to the caller, and a role that requires one. */
  async requiredSecondFactor(): Promise<NewTotpDto> {
    const totp = await this.secondFactor();
    const role = await this.create('/roles', newRole({ permissions: [], requiresSecondFactor: true }));
    const headers = { ...this.admin.headers, 'If-Match': '*' };
    await this.prepare('PATCH', `/users/${this.caller.name}`, { roles: [role] }, headers);
    return totp;
  }

  /** Creates a credential for a passkey of the caller. */
  async newPasskey(): Promise<object> {
    const path = '/me/second-factors/passkeys/options';
    const options = await this.prepare<PasskeyCreationOptionsDto>(
      'POST',
      path,
      undefined,
      this.caller.headers,
    );
    return new SoftwarePasskey().create(options);
  }

  /** Returns a proof with a new passkey of the owner. */
  async passkeyProof(): Promise<PasskeyCredentialDto> {
    const { headers } = await logIn(this.client, await this.owner(), PASSWORD);
    const { passkey } = await addPasskey(this.client, headers);
    return passkey.prove(await requestOptions(this.client));
  }

  /** Returns a proof with a passkey that was used. */
  async usedPasskeyProof(): Promise<PasskeyCredentialDto> {
    const credential = await this.passkeyProof();
    await this.prepare('POST', '/auth/login/passkey', { credential });
    return credential;
  }

  /** Creates resources with empty lists, so that responses contain each kind of empty list. */
  private async fillLists(): Promise<void> {
    await this.newUser({ roles: [] });
    await this.create('/roles', newRole({ permissions: [] }));
    await this.prepare('POST', '/me/tokens', { permissions: [] });
    await this.create('/token-templates', { name: TEMPLATE, permissions: [], expiresIn: 3_600 });
    await this.requestedOffer(this.admin);
    await this.decidedOffer('reject', this.user);
  }
}

async function logIn(client: ApiClient, name: string, password: string): Promise<Caller> {
  const { status, body, text } = await client.login(name, password);
  if (status !== 200) {
    throw new Error(`The login of ${name} returned ${status}: ${text}`);
  }
  return { name, password, session: body, headers: tokenHeader(body) };
}

function credentialsOf({ name, password, session, headers }: Caller, scheme?: string): Headers {
  switch (scheme) {
    case 'basic':
      return { Authorization: basic(name, password) };
    case 'session-cookie':
      return { Cookie: `__Host-latchkey=${session.token}` };
    default:
      return headers;
  }
}

/** Returns the secret in the fragment of a link. */
const secretOf = ({ link = '' }: { link?: string }) => link.split('#')[1] ?? '';
