import { Injectable } from '@nestjs/common';
import { SECOND_FACTORS_MAX } from '@latchkey/auth-models';
import { ApplicationError } from '../common/application-error.js';
import { type Principal } from '../common/request/principal.js';
import { type WriteTransaction } from '../platform/database/writes.service.js';
import { SessionsService } from '../tokens/issue/sessions.service.js';
import { FactorChanges } from './factor-changes.service.js';
import { createRecoveryCode, RECOVERY_CODES, recoveryDigest } from './recovery-codes.js';
import { METHOD_OF } from './second-factor-check.service.js';
import { type SecondFactor } from './second-factor.entity.js';
import { SecondFactorsRepository } from './second-factors.repository.js';

/** Rules for new second factors of every kind, and their recovery codes. */
@Injectable()
export class FactorAdditions {
  constructor(
    private readonly repository: SecondFactorsRepository,
    private readonly changes: FactorChanges,
    private readonly sessions: SessionsService,
  ) {}

  /** Checks that the caller may have another second factor. @throws ApplicationError `conflict`. */
  async checkLimit({ id }: Principal, tx: WriteTransaction): Promise<void> {
    const { length } = await this.repository.findConfirmed(id, tx);
    if (length >= SECOND_FACTORS_MAX) {
      throw new ApplicationError('conflict', {
        detail: `You have ${SECOND_FACTORS_MAX} second factors, which is the maximum. Remove one first.`,
      });
    }
  }

  /**
   * Completes the confirmation of a factor, which is a proof of who the user is.
   *
   * @returns new recovery codes; none if the user has unused ones.
   */
  async complete({ id, kind }: SecondFactor, actor: Principal, tx: WriteTransaction): Promise<string[]> {
    const hasCodes = (await this.repository.countCodes(actor.id, tx)) > 0;
    const codes = hasCodes ? [] : await this.replaceCodes(actor, tx);
    const after = { id, kind, ...(!hasCodes && { recoveryCodes: codes.length }) };
    await this.changes.record('authn_second_factor_added', { after }, actor, tx);
    await this.sessions.recordProof(METHOD_OF[kind], actor, tx);
    if ((await this.repository.findConfirmed(actor.id, tx)).length === 1) {
      // A password is no longer enough to prove who the user is.
      await this.sessions.expireOtherProofs(actor, tx);
    }
    return codes;
  }

  /** Replaces all recovery codes of the caller, and returns the new ones. */
  async replaceCodes({ id }: Principal, tx: WriteTransaction): Promise<string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, createRecoveryCode);
    await this.repository.replaceCodes(
      id,
      codes.map((code) => recoveryDigest(code) as string),
      tx,
    );
    return codes;
  }
}
