import { Injectable } from '@nestjs/common';
import { type PasskeyCredentialDto, type SignInFailure } from '@latchkey/auth-models';
import { AuditService } from '../../audit/trail/audit.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { codesOf, ThrottleService } from '../../throttle/throttle.service.js';
import { LoginPasswords } from '../../users/passwords/login-passwords.service.js';
import { type LoginRecord } from '../../users/passwords/user-passwords.repository.js';
import { PasskeyUses } from './passkey-uses.service.js';
import { type Passkey, PasskeysRepository } from './passkeys.repository.js';
import { userHandleOf, WebAuthn } from './web-authn.service.js';

/** Proof with a passkey that is being checked. */
interface Attempted {
  readonly credential: PasskeyCredentialDto;
  readonly challenge: string;
  readonly origin: RequestOrigin;
  /** Passkey that the credential names, with its user; absent if there is none. */
  readonly known?: { readonly passkey: Passkey; readonly user: LoginRecord };
  /** User whose session steps up; absent for a login. */
  readonly actor?: Principal | undefined;
}

/** Checks proofs with passkeys, for logins and step-ups. Failed ones have the limit of codes. */
@Injectable()
export class PasskeyCheck {
  constructor(
    private readonly webAuthn: WebAuthn,
    private readonly repository: PasskeysRepository,
    private readonly uses: PasskeyUses,
    private readonly users: LoginPasswords,
    private readonly throttle: ThrottleService,
    private readonly audit: AuditService,
  ) {}

  /**
   * Checks a proof with a passkey and consumes its challenge.
   *
   * @param actor user whose session steps up; absent for a login.
   * @returns the user of the passkey.
   * @throws ApplicationError `conflict` for the challenge, `throttled` or `overloaded`. For an invalid proof
   *   `unauthenticated`, or `forbidden` at a step-up, which must not end the session.
   */
  async verify(
    credential: PasskeyCredentialDto,
    origin: RequestOrigin,
    actor?: Principal,
  ): Promise<LoginRecord> {
    const challenge = this.webAuthn.challengeOf(credential, 'login');
    this.throttle.rejectIfThrottled(origin.address, undefined, origin.agent);
    const passkey = await this.repository.find(credential.id);
    const user = passkey && (await this.users.find(passkey.userId));
    const known = passkey && user ? { passkey, user } : undefined;
    const attempted: Attempted = { credential, challenge, origin, actor, ...(known && { known }) };
    const name = (actor ?? user)?.name;
    return this.throttle.attempt(origin, name && codesOf(name), async (attempt) => {
      await attempt.confirm();
      const reason = await this.failureOf(attempted);
      if (reason === undefined && user) {
        await attempt.succeed();
        return user;
      }
      await attempt.fail((tx) => this.record(attempted, reason, tx));
      throw rejected(attempted, reason);
    });
  }

  /** Returns why a proof is rejected; `undefined` if it is not. */
  private async failureOf(attempted: Attempted): Promise<SignInFailure | undefined> {
    const { credential, challenge, origin, actor, known } = attempted;
    if (!known) {
      return 'wrong_passkey';
    }
    const { passkey, user } = known;
    const { userHandle = userHandleOf(user.id) } = credential.response;
    if (userHandle !== userHandleOf(user.id) || (actor && actor.id !== user.id)) {
      return 'wrong_passkey';
    }
    const signCount = await this.webAuthn.verifyUse(credential, challenge, passkey);
    if (signCount === undefined) {
      return 'wrong_passkey';
    }
    return user.enabled
      ? this.uses.consume({ passkey, userName: user.name, challenge, signCount, origin })
      : 'user_disabled';
  }

  private record(
    { origin, actor, known }: Attempted,
    reason: SignInFailure | undefined,
    tx: WriteTransaction,
  ): Promise<void> {
    const user = actor ?? known?.user;
    if (!user) {
      return this.audit.countUnknownNameFailure(tx);
    }
    return this.audit.record(
      {
        action: actor ? 'authn_step_up_fail' : 'authn_login_fail',
        outcome: 'failure',
        ...(actor && { actor }),
        subject: { kind: 'user', id: user.id, name: user.name },
        origin,
        after: { reason, userAgent: origin.agent },
      },
      tx,
    );
  }
}

function rejected({ actor, known }: Attempted, reason: SignInFailure | undefined): ApplicationError {
  const detail =
    reason === 'passkey_copied'
      ? 'The counter of the passkey went back, so someone may have copied it. Sign in with another factor and remove it.'
      : 'The passkey is not valid here. It may have been removed.';
  return new ApplicationError(actor ? 'forbidden' : 'unauthenticated', {
    detail,
    rejectionCause: reason === 'user_disabled' ? reason : 'wrong_passkey',
    ...(known && { accountName: known.user.name }),
  });
}
