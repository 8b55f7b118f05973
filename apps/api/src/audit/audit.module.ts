import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditChain } from './trail/audit-chain.entity.js';
import { AuditEvent } from './trail/audit-event.entity.js';
import { AuditEventSubject } from './trail/audit-event-subject.entity.js';
import { AuditEntries } from './search/audit-entries.service.js';
import { AuditEventListRepository } from './search/audit-event-list.repository.js';
import { AuditEventListService } from './search/audit-event-list.service.js';
import { AuditEventsController } from './search/audit-events.controller.js';
import { AuditKeyRotation } from './keys/audit-key-rotation.service.js';
import { AuditKeys, Pseudonyms } from './keys/audit-keys.service.js';
import { AuditReads } from './search/audit-reads.service.js';
import { AuditRetention } from './trail/audit-retention.service.js';
import { AuditTallies } from './counts/audit-tallies.service.js';
import { AuditVerification } from './verification/audit-verification.service.js';
import { AuditRepository } from './trail/audit.repository.js';
import { AuditService } from './trail/audit.service.js';
import { ClockCheck } from './trail/clock-check.service.js';
import { LoginDay } from './counts/login-day.entity.js';
import { LoginFigures } from './counts/login-figures.service.js';
import { RejectedRequests } from './counts/rejected-requests.service.js';
import { UnknownNames } from './counts/unknown-names.service.js';

/** The append-only audit trail: its entries, keys, verification, search and counts. */
@Module({
  imports: [TypeOrmModule.forFeature([AuditChain, AuditEvent, AuditEventSubject, LoginDay])],
  controllers: [AuditEventsController],
  providers: [
    AuditEntries,
    AuditEventListRepository,
    AuditEventListService,
    AuditKeyRotation,
    AuditKeys,
    AuditReads,
    AuditRepository,
    AuditRetention,
    AuditService,
    AuditTallies,
    AuditVerification,
    ClockCheck,
    LoginFigures,
    Pseudonyms,
    RejectedRequests,
    UnknownNames,
  ],
  exports: [
    AuditEntries,
    AuditKeyRotation,
    AuditReads,
    AuditService,
    AuditTallies,
    AuditVerification,
    ClockCheck,
    LoginFigures,
    Pseudonyms,
    RejectedRequests,
    UnknownNames,
  ],
})
export class AuditModule {}
