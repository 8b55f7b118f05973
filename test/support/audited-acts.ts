import {
  type AuditAction,
  type AuditSubjectKind,
  type CreateUserDto,
  type UserDto,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { tokenHeader, type Answer, type ApiClient, type Headers } from './api-client.js';
import { newUser, PASSWORD } from './factories.js';
import { type ServerInUse } from './use-server.js';

const NEW_PASSWORD = 'another long password';

/** A request that changes something, and what the audit trail says of it. */
export interface AuditedAct {
  action: AuditAction;
  /** Who does it: the administrator, or the user who was made last. */
  actor: 'admin' | 'user';
  /** What it is done to: the user or role that was made last, or a token of that user. */
  subject: AuditSubjectKind;
  /** Makes what is needed, and returns what sends the request. */
  prepare: (stage: AuditStage) => Promise<() => Promise<Answer<unknown>>>;
}

/** Makes what acts are done to. */
export class AuditStage {
  private roles = 0;
  /** Name of the user who was made last. */
  user = '';
  /** Name of the role that was made last. */
  role = '';

  constructor(
    private readonly server: ServerInUse,
    readonly asAdmin: Headers,
  ) {}

  get client(): ApiClient {
    return this.server.client;
  }

  async makeUser(): Promise<UserDto> {
    return (await this.client.createUser(this.newUser(), this.asAdmin)).body;
  }

  newUser(): CreateUserDto {
    const user = newUser();
    this.user = user.name;
    return user;
  }

  /** Somebody who has logged in. */
  async makeCaller(): Promise<{ name: string; headers: Headers }> {
    const { name } = await this.makeUser();
    return { name, headers: tokenHeader((await this.client.login(name, PASSWORD)).body) };
  }

  async makeToken(): Promise<UserTokenDto> {
    const { name } = await this.makeUser();
    return (await this.client.createUserToken(name, this.asAdmin, { note: 'test' })).body;
  }

  newRoleName(): string {
    this.roles += 1;
    this.role = `role-${this.roles}`;
    return this.role;
  }

  async makeRole(): Promise<string> {
    const name = this.newRoleName();
    await this.client.createRole({ name, permissions: [] }, this.asAdmin);
    return name;
  }
}

/** Every route that changes something and leaves an entry. */
export const AUDITED_ACTS: Record<string, AuditedAct> = {
  'POST /auth/login': {
    action: 'authn_login_success',
    actor: 'user',
    subject: 'user',
    prepare: async (stage) => {
      const { name } = await stage.makeUser();
      return () => stage.client.login(name, PASSWORD);
    },
  },
  'POST /auth/logout': {
    action: 'authn_logout',
    actor: 'user',
    subject: 'token',
    prepare: async (stage) => {
      const { headers } = await stage.makeCaller();
      return () => stage.client.logout(headers);
    },
  },
  'POST /auth/set-up': {
    action: 'authn_password_set',
    actor: 'user',
    subject: 'user',
    prepare: async (stage) => {
      const { link } = (await stage.client.makeSetUpLink((await stage.makeUser()).name, stage.asAdmin)).body;
      return () => stage.client.setUp({ secret: link.split('#')[1] ?? '', password: NEW_PASSWORD });
    },
  },
  'PATCH /me': {
    action: 'user_updated',
    actor: 'user',
    subject: 'user',
    prepare: async (stage) => {
      const { headers } = await stage.makeCaller();
      return () => stage.client.updateMe({ displayName: 'Me', version: 0 }, headers);
    },
  },
  'PUT /me/password': {
    action: 'authn_password_change',
    actor: 'user',
    subject: 'user',
    prepare: async (stage) => {
      const { headers } = await stage.makeCaller();
      return () =>
        stage.client.changePassword({ currentPassword: PASSWORD, newPassword: NEW_PASSWORD }, headers);
    },
  },
  'POST /me/tokens': {
    action: 'authn_token_created',
    actor: 'user',
    subject: 'token',
    prepare: async (stage) => {
      const { headers } = await stage.makeCaller();
      return () => stage.client.createMyToken(headers, { note: 'mine' });
    },
  },
  'DELETE /me/tokens': {
    action: 'authn_token_revoked',
    actor: 'user',
    subject: 'user',
    prepare: async (stage) => {
      const { name, headers } = await stage.makeCaller();
      await stage.client.login(name, PASSWORD);
      return () => stage.client.revokeMyOtherTokens(headers);
    },
  },
  'POST /users': {
    action: 'user_created',
    actor: 'admin',
    subject: 'user',
    prepare: (stage) => Promise.resolve(() => stage.client.createUser(stage.newUser(), stage.asAdmin)),
  },
  'PATCH /users/:name': {
    action: 'user_updated',
    actor: 'admin',
    subject: 'user',
    prepare: async (stage) => {
      const { name, version } = await stage.makeUser();
      return () => stage.client.updateUser(name, { displayName: 'Anne', version }, stage.asAdmin);
    },
  },
  'DELETE /users/:name': {
    action: 'user_deleted',
    actor: 'admin',
    subject: 'user',
    prepare: async (stage) => {
      const { name } = await stage.makeUser();
      return () => stage.client.deleteUser(name, stage.asAdmin);
    },
  },
  'PUT /users/:name/password': {
    action: 'authn_password_reset',
    actor: 'admin',
    subject: 'user',
    prepare: async (stage) => {
      const { name } = await stage.makeUser();
      return () => stage.client.resetPassword(name, { password: NEW_PASSWORD }, stage.asAdmin);
    },
  },
  'POST /users/:name/set-up-link': {
    action: 'user_set_up_link_created',
    actor: 'admin',
    subject: 'user',
    prepare: async (stage) => {
      const { name } = await stage.makeUser();
      return () => stage.client.makeSetUpLink(name, stage.asAdmin);
    },
  },
  'DELETE /users/:name/throttle': {
    action: 'authn_throttle_lifted',
    actor: 'admin',
    subject: 'user',
    prepare: async (stage) => {
      const { name } = await stage.makeUser();
      return () => stage.client.liftThrottle(name, stage.asAdmin);
    },
  },
  'POST /users/:name/tokens': {
    action: 'authn_token_created',
    actor: 'admin',
    subject: 'token',
    prepare: async (stage) => {
      const { name } = await stage.makeUser();
      return () => stage.client.createUserToken(name, stage.asAdmin, { note: 'theirs' });
    },
  },
  'DELETE /users/:name/tokens': {
    action: 'authn_token_revoked',
    actor: 'admin',
    subject: 'user',
    prepare: async (stage) => {
      const { name } = await stage.makeCaller();
      return () => stage.client.revokeUserTokens(name, stage.asAdmin);
    },
  },
  'POST /users/bulk': {
    action: 'user_updated',
    actor: 'admin',
    subject: 'user',
    prepare: async (stage) => {
      const ids = [(await stage.makeUser()).name, (await stage.makeUser()).name];
      return () => stage.client.bulkUsers({ action: 'disable', ids }, stage.asAdmin);
    },
  },
  'PATCH /tokens/:id': {
    action: 'authn_token_updated',
    actor: 'admin',
    subject: 'token',
    prepare: async (stage) => {
      const { id, version } = await stage.makeToken();
      return () => stage.client.updateToken(id, { note: 'edited', version }, stage.asAdmin);
    },
  },
  'DELETE /tokens/:id': {
    action: 'authn_token_revoked',
    actor: 'admin',
    subject: 'token',
    prepare: async (stage) => {
      const { id } = await stage.makeToken();
      return () => stage.client.revokeToken(id, stage.asAdmin);
    },
  },
  'POST /tokens/:id/rotate': {
    action: 'authn_token_rotated',
    actor: 'admin',
    subject: 'token',
    prepare: async (stage) => {
      const { id } = await stage.makeToken();
      return () => stage.client.rotateToken(id, stage.asAdmin);
    },
  },
  'POST /tokens/bulk': {
    action: 'authn_token_revoked',
    actor: 'admin',
    subject: 'token',
    prepare: async (stage) => {
      const body = { action: 'revoke', ids: [(await stage.makeToken()).id, (await stage.makeToken()).id] };
      return () => stage.client.request('POST', '/tokens/bulk', { body, headers: stage.asAdmin });
    },
  },
  'POST /roles': {
    action: 'role_created',
    actor: 'admin',
    subject: 'role',
    prepare: (stage) => {
      const name = stage.newRoleName();
      return Promise.resolve(() =>
        stage.client.createRole({ name, permissions: ['users:read'] }, stage.asAdmin),
      );
    },
  },
  'PATCH /roles/:name': {
    action: 'role_updated',
    actor: 'admin',
    subject: 'role',
    prepare: async (stage) => {
      const name = await stage.makeRole();
      return () => stage.client.updateRole(name, { description: 'Another one.', version: 0 }, stage.asAdmin);
    },
  },
  'DELETE /roles/:name': {
    action: 'role_deleted',
    actor: 'admin',
    subject: 'role',
    prepare: async (stage) => {
      const name = await stage.makeRole();
      return () => stage.client.deleteRole(name, stage.asAdmin);
    },
  },
};
