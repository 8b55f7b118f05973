import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditChain } from './trail/audit-chain.entity.js';
import { AuditEvent } from './trail/audit-event.entity.js';
import { AuditEventSubject } from './trail/audit-event-subject.entity.js';
import { AuditEventListRepository } from './search/audit-event-list.repository.js';
import { AuditEventListService } from './search/audit-event-list.service.js';
import { AuditEventsController } from './search/audit-events.controller.js';
import { AuditKeyRotation } from './keys/audit-key-rotation.js';
import { AuditKeys, Pseudonyms } from './keys/audit-keys.js';
import { AuditReads } from './search/audit-reads.js';
import { AuditRetention } from './trail/audit-retention.js';
import { AuditTallies } from './counts/audit-tallies.js';
import { AuditVerification } from './verification/audit-verification.js';
import { RecordedVerifications } from './verification/recorded-verifications.js';
import { AuditRepository } from './trail/audit.repository.js';
import { AuditService } from './trail/audit.service.js';
import { ClockCheck } from './trail/clock-check.js';
import { LoginDay } from './counts/login-day.entity.js';
import { LoginFiguresRepository } from './counts/login-figures.repository.js';
import { LoginFiguresService } from './counts/login-figures.service.js';
import { RejectedRequests } from './counts/rejected-requests.js';
import { UnknownNames } from './counts/unknown-names.js';

/** The append-only audit trail: its entries, keys, verification, search and counts. */
@Module({
  imports: [TypeOrmModule.forFeature([AuditChain, AuditEvent, AuditEventSubject, LoginDay])],
  controllers: [AuditEventsController],
  providers: [
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
    LoginFiguresRepository,
    LoginFiguresService,
    Pseudonyms,
    RecordedVerifications,
    RejectedRequests,
    UnknownNames,
  ],
  exports: [
    AuditKeyRotation,
    AuditService,
    AuditTallies,
    ClockCheck,
    LoginFiguresService,
    Pseudonyms,
    RecordedVerifications,
    RejectedRequests,
    UnknownNames,
  ],
})
export class AuditModule {}
