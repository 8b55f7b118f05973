import { Injectable } from '@nestjs/common';
import { AuditService, type AuditRecord } from '../../audit/trail/audit.service.js';
import { type WriteTransaction } from '../../platform/database/writes.js';
import { ThrottleService } from '../../throttle/throttle.service.js';

/** What belongs to a new password, whoever sets it. */
@Injectable()
export class PasswordChanges {
  constructor(
    private readonly throttle: ThrottleService,
    private readonly audit: AuditService,
  ) {}

  /** Records it, and forgets the networks that were known by the password before: somebody else may have had it. */
  async record(record: AuditRecord, tx: WriteTransaction): Promise<void> {
    await this.throttle.forgetNetworks([record.subject.name], tx);
    await this.audit.record(record, tx);
  }
}
