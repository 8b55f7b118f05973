import { Injectable } from '@nestjs/common';
import { type AuthMethod, type SecondFactorKind } from '@latchkey/auth-models';
import { AuditService, type AuditRecord } from '../audit/trail/audit.service.js';
import { ApplicationError } from '../common/application-error.js';
import { Clock } from '../common/clock.service.js';
import { type RequestOrigin } from '../common/request/request-origin.js';
import { Writes, type WriteTransaction } from '../platform/database/writes.service.js';
import { codesOf, ThrottleService } from '../throttle/throttle.service.js';
import { SecondFactorGate } from '../tokens/issue/sessions.service.js';
import { FactorSeal } from './factor-seal.service.js';
import { recoveryDigest } from './recovery-codes.js';
import { type SecondFactor } from './second-factor.entity.js';
import { SecondFactorsRepository } from './second-factors.repository.js';
import { findStep, parseTotp } from './totp.js';

/** Method that each kind of factors proves. */
export const METHOD_OF: Record<SecondFactorKind, AuthMethod> = { totp: 'otp', passkey: 'passkey' };

/** User whose code is checked. */
export interface CodeOwner {
  readonly id: string;
  readonly name: string;
}

/** Checks codes of second factors. Wrong ones have a limit of their own, beside that of passwords. */
@Injectable()
export class SecondFactorCheck implements SecondFactorGate {
  constructor(
    private readonly repository: SecondFactorsRepository,
    private readonly seal: FactorSeal,
    private readonly throttle: ThrottleService,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly clock: Clock,
  ) {}

  isRequired(userId: string, tx?: WriteTransaction): Promise<boolean> {
    return this.repository.hasConfirmed(userId, tx);
  }

  /**
   * Checks the second factor of a user whose password is right.
   *
   * @param given value of `X-Auth-OTP`.
   * @returns the proven method; `undefined` if the user has no second factor.
   * @throws ApplicationError `second_factor_required`, `throttled` or `overloaded`.
   */
  async proveAtLogin(
    user: CodeOwner,
    given: string | undefined,
    origin: RequestOrigin,
  ): Promise<AuthMethod | undefined> {
    if (!(await this.isRequired(user.id))) {
      return undefined;
    }
    const methods = await this.methodsOf(user.id);
    const required = (detail?: string) =>
      new ApplicationError('second_factor_required', { detail, methods, accountName: user.name });
    if (given === undefined) {
      throw required(
        methods.includes('otp')
          ? undefined
          : 'Log in with your passkey, or send a recovery code in X-Auth-OTP.',
      );
    }
    const failure: AuditRecord = {
      action: 'authn_login_fail',
      outcome: 'failure',
      subject: { kind: 'user', id: user.id, name: user.name },
      origin,
      after: { reason: 'wrong_code', userAgent: origin.agent },
    };
    const method = await this.prove(user, given, origin, failure);
    if (!method) {
      throw required('The code in X-Auth-OTP is wrong, or was used before. Send the next one.');
    }
    return method;
  }

  /** Returns the second factors that a user can use now. */
  private async methodsOf(userId: string): Promise<AuthMethod[]> {
    const kinds = (await this.repository.findConfirmed(userId)).map(({ kind }) => kind);
    const hasCodes = (await this.repository.countCodes(userId)) > 0;
    const methods: AuthMethod[] = [...new Set(kinds.map((kind) => METHOD_OF[kind]))];
    return hasCodes ? [...methods, 'recovery_code'] : methods;
  }

  /**
   * Checks a code of a user and consumes it.
   *
   * @param failure audit entry of a wrong code.
   * @returns the proven method; `undefined` if the code is wrong.
   * @throws ApplicationError `throttled` or `overloaded`.
   */
  prove(
    user: CodeOwner,
    given: string,
    origin: RequestOrigin,
    failure: AuditRecord,
  ): Promise<AuthMethod | undefined> {
    return this.count(user, origin, failure, () => this.consume(user, given, origin));
  }

  /** Counts an attempt with a code. Returns the result of `work`: `undefined` if the code is wrong. */
  count<T>(
    { name }: CodeOwner,
    origin: RequestOrigin,
    failure: AuditRecord,
    work: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    return this.throttle.attempt(origin, codesOf(name), async (attempt) => {
      await attempt.confirm();
      const result = await work();
      await (result === undefined ? attempt.fail((tx) => this.audit.record(failure, tx)) : attempt.succeed());
      return result;
    });
  }

  /** Returns the time step of a code of a factor, if it is right and was not accepted before. */
  stepOf({ sealedSecret, userId, lastStep }: SecondFactor, code: string): number | undefined {
    const secret = sealedSecret === null ? undefined : this.seal.open(sealedSecret, userId);
    return secret && findStep(secret, code, this.clock.now(), lastStep);
  }

  private async consume(
    user: CodeOwner,
    given: string,
    origin: RequestOrigin,
  ): Promise<AuthMethod | undefined> {
    const digest = recoveryDigest(given);
    if (digest !== undefined) {
      return (await this.consumeRecoveryCode(user, digest, origin)) ? 'recovery_code' : undefined;
    }
    const code = parseTotp(given);
    if (code === undefined) {
      return undefined;
    }
    for (const factor of await this.repository.findConfirmed(user.id)) {
      const step = this.stepOf(factor, code);
      if (step !== undefined) {
        const now = this.clock.now();
        const isFirst = await this.writes.transaction(
          (tx) => this.repository.consumeStep(factor.id, step, now, tx),
          'none',
        );
        return isFirst ? 'otp' : undefined;
      }
    }
    return undefined;
  }

  private consumeRecoveryCode(
    { id, name }: CodeOwner,
    digest: string,
    origin: RequestOrigin,
  ): Promise<boolean> {
    return this.writes.transaction(async (tx) => {
      if (!(await this.repository.consumeCode(id, digest, tx))) {
        return false;
      }
      const recoveryCodes = await this.repository.countCodes(id, tx);
      await this.audit.record(
        {
          action: 'authn_recovery_code_used',
          actor: { id, name },
          subject: { kind: 'user', id, name },
          origin,
          after: { recoveryCodes },
        },
        tx,
      );
      return true;
    }, 'none');
  }
}
