import { type AuditAction, type UserTokenDto } from '@latchkey/auth-models';
import { tokenHeader, type ApiResponse, type ApiClient, type Headers } from '../../../support/api-client.js';
import { ADMIN } from '../../../support/factories.js';
import { sendRecorded, type ClientRecord, type RecordedUser } from './client-record.js';
import { type Random } from './random.js';

const ACTIONS = [
  ['logIn', 4],
  ['verify', 5],
  ['verifyRevoked', 2],
  ['logOut', 2],
  ['createToken', 1],
  ['rotate', 1],
  ['createUser', 2],
  ['rename', 2],
  ['setPassword', 1],
  ['deleteUser', 1],
] as const;
const USERS_MOST = 4;

/** A client that changes its own users and tokens at random, and records the results. */
export class LoadClient {
  private readonly users: RecordedUser[] = [];
  private readonly tokens = new Map<string, { owner: string; headers: Headers }>();
  private readonly revokedTokens: Headers[] = [];
  private created = 0;
  private asAdmin: Headers = {};

  /** @param name unique among the clients of the record. */
  constructor(
    private readonly name: string,
    private readonly client: ApiClient,
    private readonly record: ClientRecord,
    private readonly random: Random,
  ) {}

  /** Sends one request and returns its status, or 0 without a complete response. */
  async act(): Promise<number> {
    if (!this.asAdmin['X-Auth-Token']) {
      return this.logInAsAdmin();
    }
    return this[this.random.weighted(ACTIONS)]();
  }

  private async logInAsAdmin(): Promise<number> {
    const { status, body } = await this.change('authn_login_success', () =>
      this.client.login(ADMIN.name, ADMIN.password),
    );
    if (status === 200) {
      this.asAdmin = tokenHeader(body);
      this.record.issued.set(body.id, this.asAdmin);
      this.record.secrets.add(body.token ?? '');
    }
    return status;
  }

  private async logIn(): Promise<number> {
    const user = this.random.pick(this.users);
    if (!user) {
      return this.createUser();
    }
    const { status, body } = await this.change('authn_login_success', () =>
      this.client.login(user.name, user.password),
    );
    if (status === 200) {
      this.hold(body, user.name);
    }
    return status;
  }

  private async verify(): Promise<number> {
    const token = this.random.pick([...this.tokens.values()]);
    const { status } = await this.ask('verify', () => this.client.verify(token?.headers ?? this.asAdmin));
    if (status === 401) {
      this.record.complaints.push('a valid token was rejected');
    }
    return status;
  }

  private async verifyRevoked(): Promise<number> {
    const headers = this.random.pick(this.revokedTokens);
    if (!headers) {
      return this.logOut();
    }
    const { status } = await this.ask('verify', () => this.client.verify(headers));
    if (status === 200) {
      this.record.complaints.push('a revoked token was accepted');
    }
    return status;
  }

  private async logOut(): Promise<number> {
    const token = this.random.pick([...this.tokens]);
    if (!token) {
      return this.logIn();
    }
    const [id, { headers }] = token;
    const end = this.beginRevocation([id]);
    const { status } = await this.change('authn_logout', () => this.client.logout(headers));
    end(status === 200);
    return status;
  }

  private async createToken(): Promise<number> {
    const user = this.random.pick(this.users);
    if (!user) {
      return this.createUser();
    }
    const { status, body } = await this.change('authn_token_created', () =>
      this.client.createUserToken(user.name, this.asAdmin, { note: this.name }),
    );
    if (status === 201) {
      this.hold(body, user.name);
    }
    return status;
  }

  /** Rotates a token without a grace period. */
  private async rotate(): Promise<number> {
    const token = this.random.pick([...this.tokens]);
    if (!token) {
      return this.logIn();
    }
    const [id, { owner }] = token;
    const end = this.beginRevocation([id]);
    const { status, body } = await this.change('authn_token_rotated', () =>
      this.client.rotateToken(id, this.asAdmin),
    );
    end(status === 200);
    if (status === 200) {
      this.hold(body, owner);
    }
    return status;
  }

  private async createUser(): Promise<number> {
    if (this.users.length >= USERS_MOST) {
      return this.rename();
    }
    this.created += 1;
    const user = {
      name: `${this.name}-${this.created}`,
      password: this.newPassword(),
      displayName: '',
      version: 0,
    };
    const { status, body } = await this.change('user_created', () =>
      this.client.createUser({ name: user.name, password: user.password }, this.asAdmin),
    );
    if (status === 201) {
      this.keep({ ...user, displayName: body.displayName ?? '', version: body.version });
    }
    return status;
  }

  private async rename(): Promise<number> {
    const user = this.take();
    if (!user) {
      return this.logIn();
    }
    this.created += 1;
    const displayName = `${user.name} the ${this.created}th`;
    const { status, body } = await this.change('user_updated', () =>
      this.client.updateUser(user.name, { displayName, version: user.version }, this.asAdmin),
    );
    if (status === 200) {
      this.keep({ ...user, displayName, version: body.version });
    }
    return status;
  }

  private async setPassword(): Promise<number> {
    const user = this.take();
    if (!user) {
      return this.logIn();
    }
    const password = this.newPassword();
    const end = this.beginRevocation(this.tokensOf(user));
    const { status } = await this.change('authn_password_reset', () =>
      this.client.resetPassword(user.name, { password }, this.asAdmin),
    );
    const isDone = status === 204;
    end(isDone);
    if (isDone) {
      const { status: readStatus, body } = await this.ask('user', () =>
        this.client.user(user.name, this.asAdmin),
      );
      if (readStatus === 200) {
        this.keep({ ...user, password, version: body.version });
      }
    }
    return status;
  }

  private async deleteUser(): Promise<number> {
    const user = this.take();
    if (!user) {
      return this.logIn();
    }
    const end = this.beginRevocation(this.tokensOf(user));
    const { status } = await this.change('user_deleted', () =>
      this.client.deleteUser(user.name, this.asAdmin),
    );
    const isDone = status === 204;
    end(isDone);
    if (isDone) {
      this.record.gone.add(user.name);
    }
    return status;
  }

  /** Removes a user from the record until {@link keep}, because the outcome of a change is unknown. */
  private take(): RecordedUser | undefined {
    const user = this.random.pick(this.users);
    if (user) {
      this.users.splice(this.users.indexOf(user), 1);
      this.record.users.delete(user.name);
    }
    return user;
  }

  private keep(user: RecordedUser): void {
    this.users.push(user);
    this.record.users.set(user.name, user);
  }

  private hold(token: UserTokenDto, owner: string): void {
    const headers = tokenHeader(token);
    this.tokens.set(token.id, { owner, headers });
    this.record.issued.set(token.id, headers);
    this.record.secrets.add(token.token ?? '');
  }

  private tokensOf({ name }: RecordedUser): string[] {
    return [...this.tokens].filter(([, { owner }]) => owner === name).map(([id]) => id);
  }

  /**
   * Removes tokens from the record, because their state is unknown. The returned function adds them as
   * revoked.
   */
  private beginRevocation(ids: readonly string[]): (isDone: boolean) => void {
    const begun = ids.map((id) => [id, this.tokens.get(id)?.headers ?? {}] as const);
    for (const id of ids) {
      this.tokens.delete(id);
      this.record.issued.delete(id);
    }
    return (isDone) => {
      for (const [id, headers] of isDone ? begun : []) {
        this.revokedTokens.push(headers);
        // A rotated token has several secrets.
        this.record.revoked.set(`${id} ${this.revokedTokens.length}`, headers);
      }
    };
  }

  private newPassword(): string {
    const password = `pass phrase ${this.random.between(1e9, 9e9)} of ${this.name}`;
    this.record.secrets.add(password);
    return password;
  }

  /** Sends a change and records the audit entry that it must have. */
  private async change<Body>(
    action: AuditAction,
    send: () => Promise<ApiResponse<Body>>,
  ): Promise<ApiResponse<Body>> {
    const answer = await this.ask(action, send);
    if (answer.status >= 200 && answer.status < 300) {
      this.record.acknowledged.set(answer.headers.get('x-request-id') ?? '', action);
    }
    if (answer.status === 401) {
      this.record.complaints.push(`valid credentials were rejected for ${action}`);
    }
    return answer;
  }

  private ask<Body>(what: string, send: () => Promise<ApiResponse<Body>>): Promise<ApiResponse<Body>> {
    return sendRecorded(this.record, what, send);
  }
}
