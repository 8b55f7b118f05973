import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditChain } from './audit-chain.entity.js';
import { AuditEvent } from './audit-event.entity.js';
import { AuditEventSubject } from './audit-event-subject.entity.js';
import { AuditEventListRepository } from './audit-event-list.repository.js';
import { AuditEventListService } from './audit-event-list.service.js';
import { AuditEventsController } from './audit-events.controller.js';
import { AuditKeyRotation } from './audit-key-rotation.js';
import { AuditKeyStart } from './audit-key-start.js';
import { AuditKeys } from './audit-keys.js';
import { AuditReads } from './audit-reads.js';
import { AuditRetention } from './audit-retention.js';
import { AuditTallies } from './audit-tallies.js';
import { AuditTrailRepository } from './audit-trail.repository.js';
import { AuditVerification } from './audit-verification.js';
import { AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';
import { ClockCheck } from './clock-check.js';
import { LoginDay } from './login-day.entity.js';
import { LoginFiguresRepository } from './login-figures.repository.js';
import { Pseudonyms } from './pseudonyms.js';
import { RefusedRequests } from './refused-requests.js';

/** The append-only trail of what was done, by whom, to what. */
@Module({
  imports: [TypeOrmModule.forFeature([AuditChain, AuditEvent, AuditEventSubject, LoginDay])],
  controllers: [AuditEventsController],
  providers: [
    AuditEventListRepository,
    AuditEventListService,
    AuditKeyRotation,
    AuditKeys,
    AuditKeyStart,
    AuditReads,
    AuditRepository,
    AuditRetention,
    AuditService,
    AuditTallies,
    AuditTrailRepository,
    AuditVerification,
    ClockCheck,
    LoginFiguresRepository,
    Pseudonyms,
    RefusedRequests,
  ],
  exports: [
    AuditKeyRotation,
    AuditService,
    AuditTallies,
    AuditVerification,
    ClockCheck,
    LoginFiguresRepository,
    Pseudonyms,
  ],
})
export class AuditModule {}
