import { Injectable } from '@nestjs/common';
import {
  type AuthMethod,
  isSecondFactor,
  type StepUpDto,
  type StepUpResponseDto,
} from '@latchkey/auth-models';
import { AuditService, type AuditRecord } from '../audit/trail/audit.service.js';
import { ApplicationError, errorAt } from '../common/application-error.js';
import { toRfc3339 } from '../common/clock.service.js';
import { type Principal } from '../common/request/principal.js';
import { Writes } from '../platform/database/writes.service.js';
import { SessionsService } from '../tokens/issue/sessions.service.js';
import { CurrentPassword } from '../users/account/my-password.service.js';
import { UsersService } from '../users/users.service.js';
import { PasskeyCheck } from './passkeys/passkey-check.service.js';
import { SecondFactorCheck } from './second-factor-check.service.js';

/** Fresh proof of who the user of a session is. */
@Injectable()
export class StepUpService {
  constructor(
    private readonly factors: SecondFactorCheck,
    private readonly passkeys: PasskeyCheck,
    private readonly passwords: CurrentPassword,
    private readonly sessions: SessionsService,
    private readonly users: UsersService,
    private readonly audit: AuditService,
    private readonly writes: Writes,
  ) {}

  /**
   * Proves again who the user of the presented session is: with a second factor, or with the password of a
   * user who has none.
   *
   * @param code value of `X-Auth-OTP`.
   * @throws ApplicationError `forbidden` without a session or a valid code, `validation_failed`,
   *   `current_password_wrong`, `throttled`, `overloaded`, or `token_revoked`.
   */
  async stepUp(dto: StepUpDto, code: string | undefined, actor: Principal): Promise<StepUpResponseDto> {
    if (!actor.token?.session) {
      throw new ApplicationError('forbidden', {
        detail: 'Only sessions can step up. API tokens never need it.',
      });
    }
    const method = await this.prove(dto, code, actor);
    const subject = { kind: 'user' as const, id: actor.id, name: actor.name };
    const { authTime, authMethods } = await this.writes.transaction(
      async (tx) => {
        await this.users.lock(actor.id, tx);
        // The user is locked, so a factor that was just confirmed is seen.
        if (!isSecondFactor(method) && (await this.factors.isRequired(actor.id, tx))) {
          throw codeRequired(true);
        }
        const session = await this.sessions.recordProof(method, actor, tx);
        await this.audit.record({ action: 'authn_step_up', actor, subject, after: { method } }, tx);
        return session;
      },
      // The cached session has the earlier proof.
      [actor.id],
    );
    return { authTime: toRfc3339(authTime), authMethods: [...authMethods] };
  }

  private async prove(
    { currentPassword, passkey }: StepUpDto,
    code: string | undefined,
    actor: Principal,
  ): Promise<AuthMethod> {
    if (passkey) {
      await this.passkeys.verify(passkey, actor.origin, actor);
      return 'passkey';
    }
    if (await this.factors.isRequired(actor.id)) {
      return this.proveFactor(code, actor, currentPassword !== undefined);
    }
    if (currentPassword === undefined) {
      throw errorAt('/currentPassword', 'required', 'the current password is required');
    }
    const user = await this.passwords.find(actor);
    await this.passwords.check(user, currentPassword, actor, 'authn_step_up_fail');
    return 'pwd';
  }

  private async proveFactor(
    code: string | undefined,
    actor: Principal,
    hasPassword: boolean,
  ): Promise<AuthMethod> {
    if (code === undefined) {
      throw codeRequired(hasPassword);
    }
    const failure: AuditRecord = {
      action: 'authn_step_up_fail',
      outcome: 'failure',
      actor,
      subject: { kind: 'user', id: actor.id, name: actor.name },
    };
    const method = await this.factors.prove(actor, code, actor.origin, failure);
    if (!method) {
      throw new ApplicationError('forbidden', {
        detail: 'The code in X-Auth-OTP is wrong, or was used before. Send the next one.',
      });
    }
    return method;
  }
}

function codeRequired(hasPassword: boolean): ApplicationError {
  const remedy = 'Send a code or a recovery code in X-Auth-OTP, or a passkey.';
  return new ApplicationError('forbidden', {
    detail: hasPassword ? `You have a second factor, so the password is not enough. ${remedy}` : remedy,
  });
}
