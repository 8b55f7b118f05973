import { Injectable } from '@nestjs/common';
import { AuditService, type AuditRecord } from '../../audit/trail/audit.service.js';
import { type WriteTransaction } from '../../platform/database/writes.js';
import { ThrottleService } from '../../throttle/throttle.service.js';

/** Side effects that every password change has. */
@Injectable()
export class PasswordChanges {
  constructor(
    private readonly throttle: ThrottleService,
    private readonly audit: AuditService,
  ) {}

  /** Records the change, and forgets the networks known by the old password, which may have been stolen. */
  async record(record: AuditRecord, tx: WriteTransaction): Promise<void> {
    await this.throttle.forgetNetworks([record.subject.name], tx);
    await this.audit.record(record, tx);
  }
}
