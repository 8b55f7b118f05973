import { type AuditAction } from '@latchkey/auth-models';
import { type Answer, type Headers } from './api-client.js';
import { ADMIN, newUser, PASSWORD } from './factories.js';
import { type ServerProcess } from './server-process.js';

/** Clients that change all kinds of things until the server is gone, and write down what they were told was done. */
export class AuditedLoad {
  /** What was acknowledged: the request's id, and the action that the audit trail must have of it. */
  readonly acknowledged = new Map<string, AuditAction>();
  readonly oddities: string[] = [];

  /** Starts so many clients; resolves when all have lost the server. */
  async run(server: ServerProcess, clients: number): Promise<void> {
    await Promise.all(Array.from({ length: clients }, (_, index) => this.client(server, index)));
  }

  private async client(server: ServerProcess, index: number): Promise<void> {
    for (;;) {
      try {
        await this.round(server, index);
      } catch {
        return;
      }
    }
  }

  private async round({ client }: ServerProcess, index: number): Promise<void> {
    const login = await client.login(ADMIN.name, ADMIN.password);
    this.note(login, 'authn_login_success');
    const headers: Headers = { Authorization: `Bearer ${login.body.token}` };
    const name = `user-${index}-${this.acknowledged.size}-${process.hrtime.bigint()}`;
    this.note(await client.createUser(newUser({ name, password: PASSWORD }), headers), 'user_created');
    this.note(await client.updateUser(name, { displayName: 'x', version: 0 }, headers), 'user_updated');
    const token = await client.createUserToken(name, headers, { note: 'x' });
    this.note(token, 'authn_token_created');
    this.note(await client.rotateToken(token.body.id, headers), 'authn_token_rotated');
    this.note(await client.deleteUser(name, headers), 'user_deleted');
    this.note(await client.logout(headers), 'authn_logout');
  }

  private note({ status, headers, text }: Answer<unknown>, action: AuditAction): void {
    if (status >= 300) {
      // Busy servers may say so; what is refused is not done.
      if (status !== 503) {
        this.oddities.push(`${action}: ${status} ${text}`);
      }
      throw new Error(`The server answered ${status}`);
    }
    this.acknowledged.set(headers.get('x-request-id') ?? '', action);
  }
}
