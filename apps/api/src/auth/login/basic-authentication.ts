import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/trail/audit.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { Passwords } from '../../platform/crypto/passwords.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { GrantsReader } from '../../identity/permissions/grants.js';
import { ThrottleService } from '../../throttle/throttle.service.js';
import { DummyHashes } from '../../identity/passwords/dummy-hashes.js';
import { type LoginRecord } from '../../identity/users/model/login-record.js';
import { UsersRepository } from '../../identity/users/model/users.repository.js';
import { type BasicCredentials } from '../credentials/decode-pair.js';

/** Longer than it takes to write a failure of either kind. */
const FAILURE_MILLISECONDS = 20;

/** Verifies names and passwords. After the throttle it makes one look-up and one hash, whether or not the user exists. */
@Injectable()
export class BasicAuthentication {
  constructor(
    private readonly throttle: ThrottleService,
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly dummies: DummyHashes,
    private readonly grants: GrantsReader,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * @throws ApplicationError `throttled`, `overloaded`, or `unauthenticated`, which does not reveal the reason.
   */
  async authenticate(credentials: BasicCredentials, origin: RequestOrigin): Promise<Principal> {
    const name = credentials.name ?? credentials.givenName;
    // These rejections do not use the database.
    this.throttle.rejectIfThrottled(origin.address, name);
    this.passwords.refuseIfBusy();
    const attempt = await this.throttle.admit(origin.address, name);
    let user: LoginRecord | null;
    let isMatch: boolean;
    try {
      user = credentials.name === null ? null : await this.users.findForLogin(credentials.name);
      const dummy = await this.dummies.of(name);
      isMatch = await this.passwords.verify(
        user?.passwordHash ?? null,
        credentials.password,
        () => attempt.confirm(),
        dummy,
      );
    } catch (error) {
      attempt.abandon();
      throw error;
    }
    if (!user?.enabled || !isMatch) {
      const recorded = attempt.fail((tx) => this.recordFailure(user, origin, tx));
      // In parallel, so that the response time does not reveal which kind was written.
      await Promise.all([recorded, pause(FAILURE_MILLISECONDS)]);
      throw new ApplicationError('unauthenticated');
    }
    await attempt.succeed();
    await this.rehashIfOutdated(user, credentials.password);
    return {
      id: user.id,
      name: user.name,
      scheme: 'basic',
      ...this.grants.read(user.grants),
      tokensEndedBefore: user.tokensEndedBefore,
      origin,
    };
  }

  private recordFailure(
    user: LoginRecord | null,
    origin: RequestOrigin,
    tx: WriteTransaction,
  ): Promise<void> {
    return user
      ? this.audit.record(
          {
            action: 'authn_login_fail',
            outcome: 'failure',
            subject: { kind: 'user', id: user.id, name: user.name },
            origin,
          },
          tx,
        )
      : this.audit.countUnknownNameFailure(tx);
  }

  /** Replaces a hash that is weaker than configured. */
  private async rehashIfOutdated(user: LoginRecord, password: string): Promise<void> {
    const outdated = user.passwordHash;
    if (outdated === null || !this.passwords.isOutdated(outdated)) {
      return;
    }
    try {
      const passwordHash = await this.passwords.hash(password);
      await this.writes.transaction(
        (tx) => this.users.replacePasswordHash(user.id, outdated, passwordHash, tx),
        'none',
      );
    } catch (err) {
      // The login must not fail: the next one can replace the hash.
      this.logger.warn({ err }, 'A password hash could not be replaced by a stronger one');
    }
  }
}
