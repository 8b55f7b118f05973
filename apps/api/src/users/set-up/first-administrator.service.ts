import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { disallowedCharacterIn } from '@latchkey/auth-models';
import { ConfigurationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.service.js';
import { Config } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { PasswordPolicy } from '../passwords/password-policy.service.js';
import { UserPasswordsRepository } from '../passwords/user-passwords.repository.js';
import { ADMINISTRATOR_ROLE } from '../../permissions/grants.service.js';
import { type User } from '../model/user.entity.js';
import { UsersRepository } from '../model/users.repository.js';
import { UserCreationService } from '../user-creation.service.js';
import { SetUpService } from './set-up.service.js';

/** Shows the operator how to sign in for the first time. */
@Injectable()
export class FirstSignIn {
  private readonly path: string;

  constructor(
    private readonly passwords: UserPasswordsRepository,
    private readonly setUp: SetUpService,
    private readonly database: Database,
    private readonly config: Config,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.path = join(config.dataDirectory, 'first-sign-in.txt');
  }

  /**
   * Issues a set-up link and shows it on the terminal. Without a terminal, writes it to a file instead of the
   * log, which more people can read.
   */
  async sendLink(user: User): Promise<void> {
    const { link } = await this.setUp.issue(user);
    const text = `Set the password of "${user.name}" within 24 hours. The link works once:\n\n  ${link}\n`;
    if (process.stdout.isTTY) {
      process.stdout.write(`\n${text}\n`);
      return;
    }
    mkdirSync(this.config.dataDirectory, { recursive: true, mode: 0o700 });
    // Remove it first: `mode` applies only to new files.
    this.removeFile();
    writeFileSync(this.path, text, { mode: 0o600, flag: 'wx' });
    this.logger.warn(
      { path: this.path },
      'Wrote the link for the first sign-in to this file, which is deleted after use.',
    );
  }

  /**
   * Issues a new link if no user has a password, because the old one may have expired or been lost. The link
   * is for the administrator of the first start, even if another name is configured now.
   */
  async renewLink(): Promise<void> {
    const user = (await this.passwords.hasPassword())
      ? null
      : await this.passwords.findWithoutPassword(ADMINISTRATOR_ROLE);
    const isExpired = (user?.setUpExpirationTime ?? 0) <= this.clock.now();
    // Another replica may have just shown its link, which stays valid until it expires.
    if (user && (this.database.hasOneWriter || isExpired)) {
      await this.sendLink(user);
    }
  }

  /** Logs that the configured password works. */
  logConfigured(name: string): void {
    this.logger.info(
      { name, url: `${this.config.publicUrl}/admin/` },
      'Created the first administrator. Sign in with the configured password.',
    );
  }

  /** Removes the file, if there is one. */
  removeFile(): void {
    rmSync(this.path, { force: true });
  }
}

/** Creates the first administrator in an empty database. */
@Injectable()
export class FirstAdministrator implements OnApplicationBootstrap {
  constructor(
    private readonly repository: UsersRepository,
    private readonly users: UserCreationService,
    private readonly policy: PasswordPolicy,
    private readonly signIn: FirstSignIn,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if ((await this.repository.count()) > 0) {
      await this.signIn.renewLink();
      return;
    }
    const { adminName, adminPassword } = this.config;
    this.policy.checkConfigured();
    checkName(adminName);
    const user = await this.users.createFirst(adminName, adminPassword);
    if (user && adminPassword !== undefined) {
      this.signIn.logConfigured(user.name);
    } else if (user) {
      await this.signIn.sendLink(user);
    }
  }
}

/** @throws ConfigurationError if new users cannot have the name. */
function checkName(name: string): void {
  const character = disallowedCharacterIn(name);
  if (character !== undefined) {
    throw new ConfigurationError(
      `LATCHKEY_ADMIN_NAME contains ${character}, which is not allowed in names of new users. Use standard letters.`,
    );
  }
}
