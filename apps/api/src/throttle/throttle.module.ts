import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { FailureCount } from './counts/failure-count.entity.js';
import { FailureCountPurge } from './counts/failure-count-purge.js';
import { FailureCounters } from './counts/failure-counters.js';
import { FailureCountsRepository } from './counts/failure-counts.repository.js';
import { AccountFinder } from './account-finder.js';
import { ThrottleService } from './throttle.service.js';
import { ThrottledTries } from './throttled-tries.js';
import { WriteLimit } from './write-limit.js';

/** Failure counters per canonical name and per client network, and the limit on the writes of each user. */
@Module({
  imports: [AuditModule, TypeOrmModule.forFeature([FailureCount])],
  providers: [
    FailureCountPurge,
    FailureCounters,
    FailureCountsRepository,
    AccountFinder,
    ThrottledTries,
    ThrottleService,
    WriteLimit,
  ],
  exports: [AccountFinder, ThrottleService, WriteLimit],
})
export class ThrottleModule {}
