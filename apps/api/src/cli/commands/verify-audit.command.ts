import { Injectable } from '@nestjs/common';
import {
  AuditVerification,
  type AuditVerdict,
  type AuditVerificationOptions,
} from '../../audit/verification/audit-verification.js';
import { type Command, type CommandRun } from '../command.js';

/** Verifies the whole audit trail. */
@Injectable()
export class VerifyAuditCommand implements Command<AuditVerificationOptions, AuditVerdict> {
  readonly name = 'verify-audit';

  constructor(private readonly verification: AuditVerification) {}

  run(options: AuditVerificationOptions, { report }: CommandRun): Promise<AuditVerdict> {
    return this.verification.verify(options, (done, total) => report({ done, total, what: 'entries' }));
  }
}
