import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type SignInFailure } from '@latchkey/auth-models';
import { UnknownNames } from '../../audit/counts/unknown-names.service.js';
import { AuditService } from '../../audit/trail/audit.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { LoginPasswords } from '../../users/passwords/login-passwords.service.js';
import { type LoginRecord } from '../../users/passwords/user-passwords.repository.js';
import { GrantsReader } from '../../permissions/grants.service.js';
import { SecondFactorCheck } from '../../factors/second-factor-check.service.js';
import { Passwords } from '../../platform/crypto/passwords.service.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { type Attempt, ThrottleService } from '../../throttle/throttle.service.js';
import { type BasicCredentials } from '../credentials/decode-pair.js';

/** Longer than it takes to write a failure of either kind. */
const FAILURE_MILLISECONDS = 20;

/**
 * Authenticates by name and password. It counts attempts, and makes the same queries whether or not the user
 * exists.
 */
@Injectable()
export class BasicAuthentication {
  constructor(
    private readonly throttle: ThrottleService,
    private readonly hashing: Passwords,
    private readonly passwords: LoginPasswords,
    private readonly grants: GrantsReader,
    private readonly audit: AuditService,
    private readonly unknownNames: UnknownNames,
    private readonly secondFactors: SecondFactorCheck,
  ) {}

  /**
   * @param code value of `X-Auth-OTP`. It is read only if the password is right.
   * @throws ApplicationError `throttled`, `overloaded`, `unauthenticated`, which does not reveal the reason,
   *   or `second_factor_required`.
   */
  async authenticate(
    credentials: BasicCredentials,
    origin: RequestOrigin,
    code?: string,
  ): Promise<Principal> {
    const name = credentials.name ?? credentials.givenName;
    const user = await this.throttle.attempt(
      origin,
      name,
      (attempt) => this.verify(credentials, name, origin, attempt),
      () => this.hashing.rejectIfBusy(),
    );
    const secondFactor = await this.secondFactors.proveAtLogin(user, code, origin);
    await this.passwords.rehashIfOutdated(user, credentials.password);
    const { roles, permissions, requiresSecondFactor } = this.grants.read(user.grants);
    return {
      id: user.id,
      name: user.name,
      scheme: 'basic',
      roles,
      permissions,
      tokensRevokedBefore: user.tokensRevokedBefore,
      authMethods: secondFactor ? ['pwd', secondFactor] : ['pwd'],
      needsSecondFactor: requiresSecondFactor && !secondFactor,
      origin,
    };
  }

  /** Returns the user if the password is right. @throws ApplicationError `unauthenticated`. */
  private async verify(
    credentials: BasicCredentials,
    name: string,
    origin: RequestOrigin,
    attempt: Attempt,
  ): Promise<LoginRecord> {
    const { user, isMatch } = await this.passwords.verify(
      name,
      credentials.name !== null,
      credentials.password,
      () => attempt.confirm(),
    );
    if (!user?.enabled || !isMatch) {
      const recorded = attempt.fail((tx) => this.recordFailure(user, origin, tx));
      // In parallel, so that the response time does not reveal which kind was written.
      await Promise.all([recorded, pause(FAILURE_MILLISECONDS)]);
      throw new ApplicationError('unauthenticated', {
        // Whether the password was right must not be known to those who read explanations.
        rejectionCause: user?.enabled === false ? 'user_disabled' : 'wrong_password',
        ...(user && { accountName: user.name }),
      });
    }
    await attempt.succeed();
    return user;
  }

  private recordFailure(
    user: LoginRecord | null,
    origin: RequestOrigin,
    tx: WriteTransaction,
  ): Promise<void> {
    if (!user) {
      this.unknownNames.record(origin);
      return this.audit.countUnknownNameFailure(tx);
    }
    return this.audit.record(
      {
        action: 'authn_login_fail',
        outcome: 'failure',
        subject: { kind: 'user', id: user.id, name: user.name },
        origin,
        after: { reason: failureOf(user), userAgent: origin.agent },
      },
      tx,
    );
  }
}

/**
 * Returns the reason for the audit trail. For a disabled user it does not depend on the password: readers of
 * the trail must not learn whether a guess was right.
 */
function failureOf({ enabled, passwordHash }: LoginRecord): SignInFailure {
  if (!enabled) {
    return 'user_disabled';
  }
  return passwordHash === null ? 'no_password' : 'wrong_password';
}
