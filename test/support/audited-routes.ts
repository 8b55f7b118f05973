import {
  type AuditAction,
  type AuditSubjectKind,
  type CreateApiDto,
  type CreateUserDto,
  type UserDto,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { tokenHeader, type ApiResponse, type ApiClient, type Headers } from './api-client.js';
import { newApi, newRole, newUser, PASSWORD } from './factories.js';
import { FEATURE_ROUTES } from './feature-routes.js';
import { type RunningServer } from './use-server.js';

const NEW_PASSWORD = 'another long password';

/** Request that changes something, with the expected audit event. */
export interface AuditedRoute {
  action: AuditAction;
  /** Actor: the administrator, the user who was created last, or none. */
  actor: 'admin' | 'user' | 'none';
  /** Subject: the user, role, API or token template that was created last, or a token of that user. */
  subject: AuditSubjectKind;
  /** Name of the subject, if it is another one. */
  subjectName?: string;
  /** Creates the necessary data and returns a function that sends the request. */
  prepare: (fixtures: AuditFixtures) => Promise<() => Promise<ApiResponse<unknown>>>;
}

/** Creates the subjects of audited requests. */
export class AuditFixtures {
  private roles = 0;
  /** Name of the user who was created last. */
  user = '';
  /** Name of the role that was created last. */
  role = '';
  /** Name of the API that was created last. */
  api = '';
  /** Name of the token template that was created last. */
  template = '';

  constructor(
    private readonly server: RunningServer,
    readonly asAdmin: Headers,
  ) {}

  get client(): ApiClient {
    return this.server.client;
  }

  async createUser(): Promise<UserDto> {
    return (await this.client.createUser(this.newUser(), this.asAdmin)).body;
  }

  newUser(): CreateUserDto {
    const user = newUser();
    this.user = user.name;
    return user;
  }

  /** Creates a user and logs in. */
  async createCaller(): Promise<{ name: string; headers: Headers }> {
    const { name } = await this.createUser();
    return { name, headers: tokenHeader((await this.client.login(name, PASSWORD)).body) };
  }

  /** Creates a claim link for a new user. */
  async createOffer(): Promise<{ id: string; secret: string }> {
    const { name } = await this.createUser();
    const { id, link = '' } = (await this.client.createOffer(name, this.asAdmin)).body;
    return { id, secret: link.split('#')[1] ?? '' };
  }

  async createToken(): Promise<UserTokenDto> {
    const { name } = await this.createUser();
    return (await this.client.createUserToken(name, this.asAdmin, { note: 'test' })).body;
  }

  newRoleName(): string {
    this.roles += 1;
    this.role = `role-${this.roles}`;
    return this.role;
  }

  async createRole(): Promise<string> {
    const name = this.newRoleName();
    await this.client.createRole({ name, permissions: [] }, this.asAdmin);
    return name;
  }

  newTemplateName(): string {
    this.template = newRole().name;
    return this.template;
  }

  async createTokenTemplate(): Promise<string> {
    const name = this.newTemplateName();
    await this.client.createTokenTemplate({ name, expiresIn: 60 }, this.asAdmin);
    return name;
  }

  /** Creates a user with a token request. */
  async requestToken(): Promise<{ id: string; headers: Headers }> {
    const template = await this.createTokenTemplate();
    const { headers } = await this.createCaller();
    return { id: (await this.client.requestToken({ template }, headers)).body.id, headers };
  }

  newApi(): CreateApiDto {
    const api = newApi('read');
    this.api = api.name;
    return api;
  }

  async createApi(): Promise<string> {
    const api = this.newApi();
    await this.client.createApi(api, this.asAdmin);
    return api.name;
  }
}

/** All routes that change something and write an audit event. */
export const AUDITED_ROUTES: Record<string, AuditedRoute> = {
  'POST /auth/login': {
    action: 'authn_login_success',
    actor: 'user',
    subject: 'user',
    prepare: async (fixtures) => {
      const { name } = await fixtures.createUser();
      return () => fixtures.client.login(name, PASSWORD);
    },
  },
  'POST /auth/logout': {
    action: 'authn_logout',
    actor: 'user',
    subject: 'token',
    prepare: async (fixtures) => {
      const { headers } = await fixtures.createCaller();
      return () => fixtures.client.logout(headers);
    },
  },
  'POST /auth/set-up': {
    action: 'authn_password_set',
    actor: 'user',
    subject: 'user',
    prepare: async (fixtures) => {
      const { link } = (
        await fixtures.client.createSetUpLink((await fixtures.createUser()).name, fixtures.asAdmin)
      ).body;
      return () => fixtures.client.setUp({ secret: link.split('#')[1] ?? '', password: NEW_PASSWORD });
    },
  },
  'POST /auth/claims': {
    action: 'authn_token_claimed',
    actor: 'none',
    subject: 'token',
    prepare: async (fixtures) => {
      const { secret } = await fixtures.createOffer();
      return () => fixtures.client.claim(secret);
    },
  },
  'PATCH /me': {
    action: 'user_updated',
    actor: 'user',
    subject: 'user',
    prepare: async (fixtures) => {
      const { headers } = await fixtures.createCaller();
      return () => fixtures.client.updateMe({ displayName: 'Me', version: 0 }, headers);
    },
  },
  'PUT /me/password': {
    action: 'authn_password_change',
    actor: 'user',
    subject: 'user',
    prepare: async (fixtures) => {
      const { headers } = await fixtures.createCaller();
      return () =>
        fixtures.client.changePassword({ currentPassword: PASSWORD, newPassword: NEW_PASSWORD }, headers);
    },
  },
  'POST /me/tokens': {
    action: 'authn_token_created',
    actor: 'user',
    subject: 'token',
    prepare: async (fixtures) => {
      const { headers } = await fixtures.createCaller();
      return () => fixtures.client.createMyToken(headers, { note: 'mine' });
    },
  },
  'DELETE /me/tokens': {
    action: 'authn_token_revoked',
    actor: 'user',
    subject: 'user',
    prepare: async (fixtures) => {
      const { name, headers } = await fixtures.createCaller();
      await fixtures.client.login(name, PASSWORD);
      return () => fixtures.client.revokeMyOtherTokens(headers);
    },
  },
  'POST /users': {
    action: 'user_created',
    actor: 'admin',
    subject: 'user',
    prepare: (fixtures) =>
      Promise.resolve(() => fixtures.client.createUser(fixtures.newUser(), fixtures.asAdmin)),
  },
  'PATCH /users/:name': {
    action: 'user_updated',
    actor: 'admin',
    subject: 'user',
    prepare: async (fixtures) => {
      const { name, version } = await fixtures.createUser();
      return () => fixtures.client.updateUser(name, { displayName: 'Anne', version }, fixtures.asAdmin);
    },
  },
  'DELETE /users/:name': {
    action: 'user_deleted',
    actor: 'admin',
    subject: 'user',
    prepare: async (fixtures) => {
      const { name } = await fixtures.createUser();
      return () => fixtures.client.deleteUser(name, fixtures.asAdmin);
    },
  },
  'PUT /users/:name/password': {
    action: 'authn_password_reset',
    actor: 'admin',
    subject: 'user',
    prepare: async (fixtures) => {
      const { name } = await fixtures.createUser();
      return () => fixtures.client.resetPassword(name, { password: NEW_PASSWORD }, fixtures.asAdmin);
    },
  },
  'POST /users/:name/set-up-link': {
    action: 'user_set_up_link_created',
    actor: 'admin',
    subject: 'user',
    prepare: async (fixtures) => {
      const { name } = await fixtures.createUser();
      return () => fixtures.client.createSetUpLink(name, fixtures.asAdmin);
    },
  },
  'DELETE /users/:name/throttle': {
    action: 'authn_throttle_lifted',
    actor: 'admin',
    subject: 'user',
    prepare: async (fixtures) => {
      const { name } = await fixtures.createUser();
      return () => fixtures.client.liftThrottle(name, fixtures.asAdmin);
    },
  },
  'POST /users/:name/tokens': {
    action: 'authn_token_created',
    actor: 'admin',
    subject: 'token',
    prepare: async (fixtures) => {
      const { name } = await fixtures.createUser();
      return () => fixtures.client.createUserToken(name, fixtures.asAdmin, { note: 'theirs' });
    },
  },
  'POST /users/:name/offers': {
    action: 'offer_created',
    actor: 'admin',
    subject: 'offer',
    prepare: async (fixtures) => {
      const { name } = await fixtures.createUser();
      return () => fixtures.client.createOffer(name, fixtures.asAdmin);
    },
  },
  'DELETE /offers/:id': {
    action: 'offer_revoked',
    actor: 'admin',
    subject: 'offer',
    prepare: async (fixtures) => {
      const { id } = await fixtures.createOffer();
      return () => fixtures.client.revokeOffer(id, fixtures.asAdmin);
    },
  },
  'DELETE /users/:name/tokens': {
    action: 'authn_token_revoked',
    actor: 'admin',
    subject: 'user',
    prepare: async (fixtures) => {
      const { name } = await fixtures.createCaller();
      return () => fixtures.client.revokeUserTokens(name, fixtures.asAdmin);
    },
  },
  'POST /users/bulk': {
    action: 'user_updated',
    actor: 'admin',
    subject: 'user',
    prepare: async (fixtures) => {
      const ids = [(await fixtures.createUser()).name, (await fixtures.createUser()).name];
      return () => fixtures.client.bulkUsers({ action: 'disable', ids }, fixtures.asAdmin);
    },
  },
  'POST /users/import': {
    action: 'user_created',
    actor: 'admin',
    subject: 'user',
    subjectName: 'bulk',
    prepare: (fixtures) => {
      const { name } = fixtures.newUser();
      const body = { users: [{ name }] };
      return Promise.resolve(() =>
        fixtures.client.request('POST', '/users/import', { body, headers: fixtures.asAdmin }),
      );
    },
  },
  'PATCH /tokens/:id': {
    action: 'authn_token_updated',
    actor: 'admin',
    subject: 'token',
    prepare: async (fixtures) => {
      const { id, version } = await fixtures.createToken();
      return () => fixtures.client.updateToken(id, { note: 'edited', version }, fixtures.asAdmin);
    },
  },
  'DELETE /tokens/:id': {
    action: 'authn_token_revoked',
    actor: 'admin',
    subject: 'token',
    prepare: async (fixtures) => {
      const { id } = await fixtures.createToken();
      return () => fixtures.client.revokeToken(id, fixtures.asAdmin);
    },
  },
  'DELETE /tokens/:id/superseded': {
    action: 'authn_token_updated',
    actor: 'admin',
    subject: 'token',
    prepare: async (fixtures) => {
      const { id } = await fixtures.createToken();
      await fixtures.client.rotateToken(id, fixtures.asAdmin, { gracePeriodSeconds: 60 });
      return () => fixtures.client.revokeSupersededSecret(id, fixtures.asAdmin);
    },
  },
  'POST /tokens/:id/rotate': {
    action: 'authn_token_rotated',
    actor: 'admin',
    subject: 'token',
    prepare: async (fixtures) => {
      const { id } = await fixtures.createToken();
      return () => fixtures.client.rotateToken(id, fixtures.asAdmin);
    },
  },
  'POST /tokens/bulk': {
    action: 'authn_token_revoked',
    actor: 'admin',
    subject: 'token',
    prepare: async (fixtures) => {
      const body = {
        action: 'revoke',
        ids: [(await fixtures.createToken()).id, (await fixtures.createToken()).id],
      };
      return () => fixtures.client.request('POST', '/tokens/bulk', { body, headers: fixtures.asAdmin });
    },
  },
  'POST /me/offers': {
    action: 'offer_created',
    actor: 'user',
    subject: 'offer',
    prepare: async (fixtures) => {
      const template = await fixtures.createTokenTemplate();
      const { headers } = await fixtures.createCaller();
      return () => fixtures.client.requestToken({ template }, headers);
    },
  },
  'DELETE /me/offers/:id': {
    action: 'offer_revoked',
    actor: 'user',
    subject: 'offer',
    prepare: async (fixtures) => {
      const { id, headers } = await fixtures.requestToken();
      return () => fixtures.client.withdrawOffer(id, headers);
    },
  },
  'POST /me/offers/:id/claim': {
    action: 'authn_token_claimed',
    actor: 'user',
    subject: 'token',
    prepare: async (fixtures) => {
      const { id, headers } = await fixtures.requestToken();
      await fixtures.client.decideOffer(id, 'approve', fixtures.asAdmin);
      return () => fixtures.client.claimOffer(id, headers);
    },
  },
  'POST /offers/:id/approve': {
    action: 'offer_approved',
    actor: 'admin',
    subject: 'offer',
    prepare: async (fixtures) => {
      const { id } = await fixtures.requestToken();
      return () => fixtures.client.decideOffer(id, 'approve', fixtures.asAdmin);
    },
  },
  'POST /offers/:id/reject': {
    action: 'offer_rejected',
    actor: 'admin',
    subject: 'offer',
    prepare: async (fixtures) => {
      const { id } = await fixtures.requestToken();
      return () => fixtures.client.decideOffer(id, 'reject', fixtures.asAdmin);
    },
  },
  'POST /token-templates': {
    action: 'token_template_created',
    actor: 'admin',
    subject: 'token_template',
    prepare: (fixtures) => {
      const template = { name: fixtures.newTemplateName(), expiresIn: 60 };
      return Promise.resolve(() => fixtures.client.createTokenTemplate(template, fixtures.asAdmin));
    },
  },
  'PATCH /token-templates/:name': {
    action: 'token_template_updated',
    actor: 'admin',
    subject: 'token_template',
    prepare: async (fixtures) => {
      const name = await fixtures.createTokenTemplate();
      const change = { description: 'Another one.', version: 0 };
      return () => fixtures.client.updateTokenTemplate(name, change, fixtures.asAdmin);
    },
  },
  'DELETE /token-templates/:name': {
    action: 'token_template_deleted',
    actor: 'admin',
    subject: 'token_template',
    prepare: async (fixtures) => {
      const name = await fixtures.createTokenTemplate();
      return () => fixtures.client.deleteTokenTemplate(name, fixtures.asAdmin);
    },
  },
  'POST /roles': {
    action: 'role_created',
    actor: 'admin',
    subject: 'role',
    prepare: (fixtures) => {
      const name = fixtures.newRoleName();
      return Promise.resolve(() =>
        fixtures.client.createRole({ name, permissions: ['users:read'] }, fixtures.asAdmin),
      );
    },
  },
  'PATCH /roles/:name': {
    action: 'role_updated',
    actor: 'admin',
    subject: 'role',
    prepare: async (fixtures) => {
      const name = await fixtures.createRole();
      return () =>
        fixtures.client.updateRole(name, { description: 'Another one.', version: 0 }, fixtures.asAdmin);
    },
  },
  'DELETE /roles/:name': {
    action: 'role_deleted',
    actor: 'admin',
    subject: 'role',
    prepare: async (fixtures) => {
      const name = await fixtures.createRole();
      return () => fixtures.client.deleteRole(name, fixtures.asAdmin);
    },
  },
  'POST /apis': {
    action: 'api_created',
    actor: 'admin',
    subject: 'api',
    prepare: (fixtures) => {
      const api = fixtures.newApi();
      return Promise.resolve(() => fixtures.client.createApi(api, fixtures.asAdmin));
    },
  },
  'PATCH /apis/:name': {
    action: 'api_updated',
    actor: 'admin',
    subject: 'api',
    prepare: async (fixtures) => {
      const name = await fixtures.createApi();
      return () =>
        fixtures.client.updateApi(name, { description: 'Another one.', version: 0 }, fixtures.asAdmin);
    },
  },
  'DELETE /apis/:name': {
    action: 'api_deleted',
    actor: 'admin',
    subject: 'api',
    prepare: async (fixtures) => {
      const name = await fixtures.createApi();
      return () => fixtures.client.deleteApi(name, fixtures.asAdmin);
    },
  },
  ...featureRoutes(),
};

function featureRoutes(): Record<string, AuditedRoute> {
  const audited = Object.entries(FEATURE_ROUTES).flatMap(([route, { request, audit }]) => {
    if (!audit) {
      return [];
    }
    const [method = '', path = ''] = route.replaceAll(/\{(\w+)\}/g, ':$1').split(' ');
    const { action, subject } = audit;
    const prepare: AuditedRoute['prepare'] = ({ client, asAdmin }) =>
      Promise.resolve(() => client.request(method, request.path, { body: request.body, headers: asAdmin }));
    return [
      [
        `${method} ${path}`,
        { action, actor: 'admin', subject: subject.kind, subjectName: subject.name, prepare },
      ],
    ] as [string, AuditedRoute][];
  });
  return Object.fromEntries(audited);
}
