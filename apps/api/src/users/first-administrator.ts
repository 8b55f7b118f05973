import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../common/clock.js';
import { Config } from '../config/config.js';
import { ConfigurationError } from '../config/configuration-error.js';
import { Passwords } from '../crypto/passwords.js';
import { Database } from '../database/database.js';
import { isUniqueViolation } from '../database/driver-errors.js';
import { Writes } from '../database/writes.js';
import { FirstSignIn } from './first-sign-in.js';
import { PasswordPolicy } from './password-policy.js';
import { SetUpService } from './set-up.service.js';
import { type User } from './user.entity.js';
import { newUser } from './users.service.js';
import { UsersRepository } from './users.repository.js';

/** Makes the first administrator on an empty database, and says how to sign in. */
@Injectable()
export class FirstAdministrator implements OnApplicationBootstrap {
  constructor(
    private readonly repository: UsersRepository,
    private readonly setUp: SetUpService,
    private readonly firstSignIn: FirstSignIn,
    private readonly passwords: Passwords,
    private readonly policy: PasswordPolicy,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly database: Database,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if ((await this.repository.count()) > 0) {
      await this.renewLink();
      return;
    }
    const { adminName, adminPassword } = this.config;
    const hash = adminPassword === undefined ? null : await this.hashConfigured(adminPassword);
    const user = newUser({ name: adminName }, hash, this.clock.now());
    if (await this.insertFirst(user)) {
      await (hash === null ? this.sendLink(user) : this.firstSignIn.tellConfigured(user.name));
    }
  }

  private hashConfigured(password: string): Promise<string> {
    try {
      this.policy.check(password);
    } catch {
      throw new ConfigurationError(
        `LATCHKEY_ADMIN_PASSWORD: must have at least ${this.config.passwordMinLength} characters`,
      );
    }
    return this.passwords.hash(password);
  }

  /** @returns whether it was this process that made it; of several replicas exactly one does. */
  private async insertFirst(user: User): Promise<boolean> {
    try {
      await this.writes.transaction(async (tx) => {
        await this.repository.insert(user, ['admin'], tx);
        await this.audit.record(
          {
            action: 'user_created',
            subject: { kind: 'user', id: user.id, name: user.name },
            after: { roles: ['admin'] },
          },
          tx,
        );
      });
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) {
        return false;
      }
      throw error;
    }
  }

  /** Makes a new link while nobody can log in: the old one may be too old, or was lost with a terminal. */
  private async renewLink(): Promise<void> {
    const user = (await this.repository.hasPassword())
      ? null
      : await this.repository.findFirstAdministrator(this.config.adminName);
    const isOver = (user?.setUpExpirationTime ?? 0) <= this.clock.now();
    // Another replica may just have told of the link; it lives until its end.
    if (user && (this.database.hasOneWriter || isOver)) {
      await this.sendLink(user);
    }
  }

  private async sendLink(user: User): Promise<void> {
    const link = this.setUp.newLink();
    await this.writes.transaction(async (tx) => {
      await this.setUp.assign(user.id, link, tx);
      await this.audit.record(
        { action: 'first_sign_in_prepared', subject: { kind: 'user', id: user.id, name: user.name } },
        tx,
      );
    });
    this.firstSignIn.tellLink(user.name, link.link);
  }
}
