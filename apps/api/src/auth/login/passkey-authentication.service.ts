import { Injectable } from '@nestjs/common';
import { type ErrorCode, type PasskeyCredentialDto } from '@latchkey/auth-models';
import { type Counter } from 'prom-client';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { PasskeyCheck } from '../../factors/passkeys/passkey-check.service.js';
import { GrantsReader } from '../../permissions/grants.service.js';
import { Metrics } from '../../platform/metrics/metrics.service.js';
import { WriteLimit } from '../../throttle/write-limit.service.js';
import { type LoginRecord } from '../../users/passwords/user-passwords.repository.js';

/** Results of the metric by error code; all other errors are counted as `error`. */
const RESULTS: Partial<Record<ErrorCode, string>> = {
  unauthenticated: 'failure',
  conflict: 'failure',
  throttled: 'throttled',
  overloaded: 'overloaded',
};

/** Authenticates by passkey, and counts the results. */
@Injectable()
export class PasskeyAuthentication {
  private readonly results: Counter<'result'>;

  constructor(
    private readonly passkeys: PasskeyCheck,
    private readonly grants: GrantsReader,
    private readonly writes: WriteLimit,
    metrics: Metrics,
  ) {
    this.results = metrics.counter(
      'latchkey_passkey_logins_total',
      'Login attempts with a passkey by result: success, failure, throttled, overloaded, error.',
      'result',
    );
    ['success', 'error', ...Object.values(RESULTS)].forEach((result) => this.results.inc({ result }, 0));
  }

  /**
   * Returns the user of a passkey.
   *
   * @throws ApplicationError `unauthenticated`, `conflict` for the challenge, or `throttled`.
   */
  async authenticate(credential: PasskeyCredentialDto, origin: RequestOrigin): Promise<Principal> {
    const user = await this.verify(credential, origin);
    const { roles, permissions } = this.grants.read(user.grants);
    const principal: Principal = {
      id: user.id,
      name: user.name,
      scheme: 'passkey',
      roles,
      permissions,
      tokensRevokedBefore: user.tokensRevokedBefore,
      authMethods: ['passkey'],
      origin,
    };
    // Routes with other credentials are counted by a guard, before it is known who the user is here.
    this.writes.count(principal, 'POST');
    return principal;
  }

  private async verify(credential: PasskeyCredentialDto, origin: RequestOrigin): Promise<LoginRecord> {
    try {
      const user = await this.passkeys.verify(credential, origin);
      this.results.inc({ result: 'success' });
      return user;
    } catch (error) {
      const code = error instanceof ApplicationError ? error.code : undefined;
      this.results.inc({ result: (code && RESULTS[code]) ?? 'error' });
      throw error;
    }
  }
}
