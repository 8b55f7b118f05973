import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { Config } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.js';
import { ADMINISTRATOR_ROLE } from '../permissions/grants-above.js';
import { FirstSignIn } from './first-sign-in.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import { SetUpService } from './set-up.service.js';
import { UserPasswordsRepository } from '../passwords/user-passwords.repository.js';
import { type User } from '../users/model/user.entity.js';
import { UsersRepository } from '../users/model/users.repository.js';
import { UsersService } from '../users/users.service.js';

/** Makes the first administrator on an empty database, and says, once, how to sign in. */
@Injectable()
export class FirstAdministrator implements OnApplicationBootstrap {
  constructor(
    private readonly repository: UsersRepository,
    private readonly passwords: UserPasswordsRepository,
    private readonly users: UsersService,
    private readonly policy: PasswordPolicy,
    private readonly setUp: SetUpService,
    private readonly firstSignIn: FirstSignIn,
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
    this.policy.checkConfigured();
    const user = await this.users.createFirst(adminName, adminPassword);
    if (user && adminPassword !== undefined) {
      this.firstSignIn.tellConfigured(user.name);
    } else if (user) {
      await this.sendLink(user);
    }
  }

  /**
   * Makes a new link while nobody can log in: the old one may be too old, or was lost with a terminal. It is for who was
   * made on the first start, whatever name is configured by now.
   */
  private async renewLink(): Promise<void> {
    const user = (await this.passwords.hasPassword())
      ? null
      : await this.passwords.findWithoutPassword(ADMINISTRATOR_ROLE);
    const isOver = (user?.setUpExpirationTime ?? 0) <= this.clock.now();
    // Another replica may just have told of the link; it lives until its end.
    if (user && (this.database.hasOneWriter || isOver)) {
      await this.sendLink(user);
    }
  }

  private async sendLink(user: User): Promise<void> {
    const { link } = await this.setUp.issue(user);
    this.firstSignIn.tellLink(user.name, link);
  }
}
