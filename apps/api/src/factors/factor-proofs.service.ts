import { Injectable } from '@nestjs/common';
import { ApplicationError, errorAt } from '../common/application-error.js';
import { type Principal } from '../common/request/principal.js';
import { Writes } from '../platform/database/writes.service.js';
import { TokenAccess } from '../tokens/access/token-access.service.js';
import { CurrentPassword } from '../users/account/my-password.service.js';
import { failedProof, SecondFactorCheck } from './second-factor-check.service.js';

/** Proof that a change of second factors comes from the user, and not from a stolen session. */
export interface FactorProof {
  /** Code of a second factor, if the user has one. */
  readonly code?: string | undefined;
  /** The password, if not. */
  readonly currentPassword?: string | undefined;
}

/** Checks the proof that changes of second factors require. */
@Injectable()
export class FactorProofs {
  constructor(
    private readonly factors: SecondFactorCheck,
    private readonly passwords: CurrentPassword,
    private readonly access: TokenAccess,
    private readonly writes: Writes,
  ) {}

  /**
   * Checks the session and the proof.
   *
   * @returns whether the caller has a second factor.
   * @throws ApplicationError `forbidden` without an unlimited session or a valid code, `validation_failed`,
   *   `current_password_wrong`, `throttled` or `overloaded`.
   */
  async check({ code, currentPassword }: FactorProof, actor: Principal): Promise<boolean> {
    await this.checkSession(actor);
    if (await this.factors.isRequired(actor.id)) {
      await this.checkCode(code, actor);
      return true;
    }
    if (currentPassword === undefined) {
      throw errorAt('/currentPassword', 'required', 'the current password is required for the first factor');
    }
    const user = await this.passwords.find(actor);
    await this.passwords.check(user, currentPassword, actor, 'authn_second_factor_fail');
    return false;
  }

  /** Before the proof, so that a limited token cannot be used to guess it. @throws `forbidden`. */
  async checkSession(actor: Principal): Promise<void> {
    await this.writes.transaction((tx) => this.access.checkUnlimitedSession(actor, tx), 'none');
  }

  private async checkCode(code: string | undefined, actor: Principal): Promise<void> {
    if (code === undefined) {
      throw new ApplicationError('forbidden', {
        detail: 'Send a code of your second factor, or a recovery code, in X-Auth-OTP.',
      });
    }
    if (!(await this.factors.prove(actor, code, actor.origin, failedProof(actor)))) {
      throw new ApplicationError('forbidden', {
        detail: 'The code in X-Auth-OTP is wrong, or was used before. Send the next one.',
      });
    }
  }
}
