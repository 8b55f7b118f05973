import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import {
  canonicalUserName,
  isEmailAddress,
  type LostPasswordDto,
  type MailLanguage,
} from '@latchkey/auth-models';
import pLimit from 'p-limit';
import { Clock } from '../../common/clock.service.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { Config } from '../../platform/config/config.js';
import { Writes } from '../../platform/database/writes.service.js';
import { LOGGER, logFailure, type Logger } from '../../platform/logging/logger.js';
import { lostPasswordLetter } from '../../platform/mail/letters.js';
import { Mailer } from '../../platform/mail/mailer.service.js';
import { UserPasswordsRepository } from '../passwords/user-passwords.repository.js';
import { SetUpService } from '../set-up/set-up.service.js';
import { type User } from '../model/user.entity.js';

/** Requests that run at once, one for each connection to the mail server. */
const AT_ONCE = 2;
/** Requests that wait. A flood of them must not fill the memory. */
const WAITING_MAX = 100;

/** Longer than it takes to send the response. */
const RESPONSE_MILLISECONDS = 100;

/** Time between two messages to a user. */
const PAUSE_MILLISECONDS = 900_000;

/** User who receives a link. */
type Recipient = User & { readonly email: string };

/**
 * Sends links to users who have lost their password. The work runs after the response, so neither its time
 * nor its outcome reveals whether a user exists.
 */
@Injectable()
export class LostPasswordsService implements BeforeApplicationShutdown {
  private readonly limit = pLimit(AT_ONCE);
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly repository: UserPasswordsRepository,
    private readonly setUp: SetUpService,
    private readonly mailer: Mailer,
    private readonly config: Config,
    private readonly writes: Writes,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Sends links to the users with this name or address, later. */
  request({ user, language = 'en' }: LostPasswordDto, origin: RequestOrigin): void {
    if (!this.mailer.isConfigured) {
      return;
    }
    if (this.limit.pendingCount >= WAITING_MAX) {
      this.logger.warn('Ignored a request for a lost password, because too many wait for the mail server.');
      return;
    }
    void this.limit(async () => {
      const work = this.run(user, language, origin);
      this.running.add(work);
      await work;
      this.running.delete(work);
    });
  }

  /** Waits for the requests that run, and drops the others. Users can repeat them. */
  async beforeApplicationShutdown(): Promise<void> {
    this.limit.clearQueue();
    await Promise.all(this.running);
  }

  private async run(user: string, language: MailLanguage, origin: RequestOrigin): Promise<void> {
    // Then the response has been sent, so its time does not depend on the work.
    await pause(RESPONSE_MILLISECONDS);
    try {
      await this.sendAll(user, language, origin);
    } catch (err) {
      logFailure(this.logger, { err }, 'A request for a lost password failed.');
    }
  }

  private async sendAll(given: string, language: MailLanguage, origin: RequestOrigin): Promise<void> {
    const name = canonicalUserName(given);
    const byName = name === null ? [] : await this.repository.findWithLostPassword({ name });
    const users =
      byName.length === 0 && isEmailAddress(given)
        ? await this.repository.findWithLostPassword({ email: given })
        : byName;
    for (const user of users) {
      if (hasAddress(user) && (await this.begin(user))) {
        await this.send(user, language, origin);
      }
    }
  }

  /** Begins a message, unless the user got one within the last minutes. The link in that one still works. */
  private begin({ id }: User): Promise<boolean> {
    const now = this.clock.now();
    return this.writes.transaction(
      (tx) => this.repository.noteLostPassword(id, now, now - PAUSE_MILLISECONDS, tx),
      'none',
    );
  }

  private async send(user: Recipient, language: MailLanguage, origin: RequestOrigin): Promise<void> {
    const issued = await this.setUp.issueForLostPassword(user, origin);
    const edition = { publicUrl: this.config.publicUrl, language };
    await this.mailer.send({
      to: [user.email],
      ...lostPasswordLetter({ ...issued, user: user.name }, edition),
    });
  }
}

function hasAddress(user: User): user is Recipient {
  return user.email !== null;
}
