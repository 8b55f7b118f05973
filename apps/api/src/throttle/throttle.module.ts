import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { FailureCount } from './counts/failure-count.entity.js';
import { FailureCountPurge } from './counts/failure-count-purge.service.js';
import { FailureCounters } from './counts/failure-counters.service.js';
import { FailureCountsRepository } from './counts/failure-counts.repository.js';
import { ThrottleService } from './throttle.service.js';
import { ThrottleAudit } from './throttle-audit.service.js';
import { WriteLimit } from './write-limit.service.js';

/** Limits on failed attempts per account and client network, and on the writes of each user. */
@Module({
  imports: [AuditModule, TypeOrmModule.forFeature([FailureCount])],
  providers: [
    FailureCountPurge,
    FailureCounters,
    FailureCountsRepository,
    ThrottleAudit,
    ThrottleService,
    WriteLimit,
  ],
  exports: [ThrottleService, WriteLimit],
})
export class ThrottleModule {}
