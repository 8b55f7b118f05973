import { Injectable } from '@nestjs/common';
import {
  type ConfirmSecondFactorDto,
  type NewTotpDto,
  type RecoveryCodesDto,
  type SecondFactorDto,
  type SecondFactorListDto,
} from '@latchkey/auth-models';
import { v7 as uuid } from 'uuid';
import { type AuditRecord } from '../audit/trail/audit.service.js';
import { ApplicationError, errorAt } from '../common/application-error.js';
import { Clock, toRfc3339 } from '../common/clock.service.js';
import { type Principal } from '../common/request/principal.js';
import { EscalationPolicy } from '../permissions/escalation-policy.service.js';
import { GrantsReader } from '../permissions/grants.service.js';
import { type WriteTransaction } from '../platform/database/writes.service.js';
import { FactorAdditions } from './factor-additions.service.js';
import { FactorChanges } from './factor-changes.service.js';
import { FactorSeal } from './factor-seal.service.js';
import { SecondFactorCheck } from './second-factor-check.service.js';
import { SecondFactor } from './second-factor.entity.js';
import { SecondFactorsRepository } from './second-factors.repository.js';
import { createTotpSecret, parseTotp, toBase32, totpUri } from './totp.js';

/** Second factors of the caller. */
@Injectable()
export class SecondFactorsService {
  constructor(
    private readonly repository: SecondFactorsRepository,
    private readonly changes: FactorChanges,
    private readonly additions: FactorAdditions,
    private readonly check: SecondFactorCheck,
    private readonly seal: FactorSeal,
    private readonly escalation: EscalationPolicy,
    private readonly grants: GrantsReader,
    private readonly clock: Clock,
  ) {}

  async list(actor: Principal): Promise<SecondFactorListDto> {
    const factors = await this.repository.findConfirmed(actor.id);
    return { items: factors.map(toDto), recoveryCodes: await this.repository.countCodes(actor.id) };
  }

  /**
   * Creates an authenticator app's secret. It has no effect until it is confirmed, and replaces an earlier
   * one that was not.
   *
   * @throws ApplicationError `conflict` at the limit or without a key, or an error of the session.
   */
  async addTotp(actor: Principal): Promise<NewTotpDto> {
    const secret = createTotpSecret();
    const factor = Object.assign(new SecondFactor(), {
      id: uuid(),
      userId: actor.id,
      kind: 'totp',
      name: null,
      sealedSecret: this.seal.seal(secret, actor.id),
      lastStep: 0,
      creationTime: this.clock.now(),
      confirmationTime: null,
      lastUsedTime: null,
    });
    await this.changes.make(actor, async (tx) => {
      await this.additions.checkLimit(actor, tx);
      await this.repository.add(factor, tx);
    });
    return { id: factor.id, secret: toBase32(secret), uri: totpUri(actor.name, secret) };
  }

  /**
   * Confirms a new factor with its first code. From then on, logins require a code.
   *
   * @returns recovery codes, unless the user has unused ones.
   * @throws ApplicationError `not_found`, `validation_failed` for a wrong code, `throttled` or `conflict`.
   */
  async confirm(
    id: string,
    { code: given, name }: ConfirmSecondFactorDto,
    actor: Principal,
  ): Promise<RecoveryCodesDto> {
    const factor = await this.getOwn(id, actor);
    if (factor.confirmationTime !== null) {
      throw alreadyConfirmed();
    }
    const lastStep = await this.check.count(actor, actor.origin, wrongCode(actor), () => {
      const code = parseTotp(given);
      return Promise.resolve(code === undefined ? undefined : this.check.stepOf(factor, code));
    });
    if (lastStep === undefined) {
      throw errorAt(
        '/code',
        'code_wrong',
        'the code is wrong; check the clock of the device, and enter the next one',
      );
    }
    return this.changes.make(
      actor,
      async (tx) => {
        await this.additions.checkLimit(actor, tx);
        if (
          !(await this.repository.confirm(id, { lastStep, name: name ?? null, now: this.clock.now() }, tx))
        ) {
          throw alreadyConfirmed();
        }
        return { codes: await this.additions.complete(factor, actor, tx) };
      },
      [actor.id],
    );
  }

  /**
   * Removes a factor; with the last one, the recovery codes too.
   *
   * @throws ApplicationError `not_found`, `conflict` for the last one of a user who must have one, or an
   *   error of the session.
   */
  async remove(id: string, actor: Principal): Promise<void> {
    const { confirmationTime, kind } = await this.getOwn(id, actor);
    if (confirmationTime === null) {
      throw noSuchFactor();
    }
    await this.changes.make(actor, async (tx) => {
      if (!(await this.repository.remove(id, actor.id, tx))) {
        throw noSuchFactor();
      }
      await this.checkNotNeeded(actor, tx);
      await this.changes.record('authn_second_factor_removed', { before: { id, kind } }, actor, tx);
    });
  }

  /** Replaces all recovery codes. @throws ApplicationError `conflict`, or an error of the session. */
  async renewCodes(actor: Principal): Promise<RecoveryCodesDto> {
    return this.changes.make(actor, async (tx) => {
      if (!(await this.check.isRequired(actor.id, tx))) {
        throw new ApplicationError('conflict', { detail: 'You have no second factor. Add one first.' });
      }
      const codes = await this.additions.replaceCodes(actor, tx);
      const after = { recoveryCodes: codes.length };
      await this.changes.record('authn_recovery_codes_created', { after }, actor, tx);
      return { codes };
    });
  }

  /** Checks that the caller has another factor or needs none. @throws ApplicationError `conflict`. */
  private async checkNotNeeded({ id }: Principal, tx: WriteTransaction): Promise<void> {
    const grants = (await this.escalation.grantsOf([id], tx)).get(id) ?? null;
    if (this.grants.read(grants).requiresSecondFactor && !(await this.check.isRequired(id, tx))) {
      throw new ApplicationError('conflict', {
        detail: 'You must have a second factor. Add another one before you remove this one.',
      });
    }
  }

  private async getOwn(id: string, actor: Principal): Promise<SecondFactor> {
    const factor = await this.repository.findOwn(id, actor.id);
    if (!factor) {
      throw noSuchFactor();
    }
    return factor;
  }
}

function toDto({
  copiedTime,
  id,
  kind,
  name,
  confirmationTime,
  creationTime,
  lastUsedTime,
}: SecondFactor): SecondFactorDto {
  return {
    id,
    kind,
    ...(name !== null && { name }),
    creationTime: toRfc3339(confirmationTime ?? creationTime),
    ...(lastUsedTime !== null && { lastUsedTime: toRfc3339(lastUsedTime) }),
    ...(copiedTime !== null && { copiedTime: toRfc3339(copiedTime) }),
  };
}

/** Returns the audit entry of a wrong first code. */
function wrongCode(actor: Principal): AuditRecord {
  return {
    action: 'authn_second_factor_fail',
    outcome: 'failure',
    actor,
    subject: { kind: 'user', id: actor.id, name: actor.name },
  };
}

function noSuchFactor(): ApplicationError {
  return new ApplicationError('not_found', { detail: 'You have no second factor with this id.' });
}

function alreadyConfirmed(): ApplicationError {
  return new ApplicationError('conflict', {
    detail: 'The second factor was confirmed, replaced or removed in the meantime.',
  });
}
