import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { Config } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.js';
import { ADMINISTRATOR_ROLE } from '../permissions/grants.js';
import { FirstSignIn } from './first-sign-in.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import { SetUpService } from './set-up.service.js';
import { UserPasswordsRepository } from '../passwords/user-passwords.repository.js';
import { type User } from '../users/model/user.entity.js';
import { UsersRepository } from '../users/model/users.repository.js';
import { UsersService } from '../users/users.service.js';

/** Creates the first administrator in an empty database, and shows once how to sign in. */
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
      this.firstSignIn.logConfigured(user.name);
    } else if (user) {
      await this.sendLink(user);
    }
  }

  /**
   * Creates a new link while no user can log in, because the old one may have expired or been lost. The link is for the
   * administrator of the first start, even if another name is configured now.
   */
  private async renewLink(): Promise<void> {
    const user = (await this.passwords.hasPassword())
      ? null
      : await this.passwords.findWithoutPassword(ADMINISTRATOR_ROLE);
    const isExpired = (user?.setUpExpirationTime ?? 0) <= this.clock.now();
    // Another replica may have just shown its link, which stays valid until it expires.
    if (user && (this.database.hasOneWriter || isExpired)) {
      await this.sendLink(user);
    }
  }

  private async sendLink(user: User): Promise<void> {
    const { link } = await this.setUp.issue(user);
    this.firstSignIn.showLink(user.name, link);
  }
}
