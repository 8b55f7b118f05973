import { Inject, Injectable } from '@nestjs/common';
import { type AuditVerificationDto } from '@latchkey/auth-models';
import { toRfc3339 } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { Writes } from '../../platform/database/writes.service.js';
import { LOGGER, logFailure, type Logger } from '../../platform/logging/logger.js';
import { AuditRepository } from '../trail/audit.repository.js';
import { AuditService, type AuditRecord } from '../trail/audit.service.js';
import {
  AuditVerification,
  type AuditVerdict,
  type AuditVerificationOptions,
} from './audit-verification.service.js';

/** Verifications of the trail that are recorded in it, so that all servers on the database know the last one. */
@Injectable()
export class RecordedVerifications {
  constructor(
    private readonly verification: AuditVerification,
    private readonly trail: AuditRepository,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Verifies the trail and records the result. A result that cannot be recorded is still returned. */
  async run(
    actor: Principal,
    options: AuditVerificationOptions,
    report: (done: number, total: number) => void,
  ): Promise<AuditVerdict> {
    const verdict = await this.verification.verify(options, report);
    const { entries, problems } = verdict;
    const record: AuditRecord = {
      action: 'audit_verified',
      outcome: problems.length === 0 ? 'success' : 'failure',
      actor,
      origin: actor.origin,
      subject: { kind: 'audit', id: null, name: 'audit trail' },
      after: {
        entries,
        problems: problems.filter(({ isAboutHead }) => !isAboutHead).length,
        ...(problems.some(({ isAboutHead }) => isAboutHead) && { headDiffers: true }),
      },
    };
    try {
      await this.writes.transaction((tx) => this.audit.record(record, tx), 'none');
    } catch (err) {
      logFailure(this.logger, { err }, 'The verification of the audit trail could not be recorded');
    }
    return verdict;
  }

  /** Returns the last verification, or `undefined` if the trail has none with a valid seal. */
  async last(): Promise<AuditVerificationDto | undefined> {
    const event = await this.trail.newest('audit_verified');
    if (!event || !this.verification.isGenuine(event)) {
      return undefined;
    }
    const after = JSON.parse(event.after ?? '{}') as Omit<AuditVerificationDto, 'time'>;
    const { entries, problems, headDiffers } = after;
    return { time: toRfc3339(event.time), entries, problems, ...(headDiffers && { headDiffers }) };
  }
}
