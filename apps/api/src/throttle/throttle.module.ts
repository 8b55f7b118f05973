import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { FailureCount } from './failure-count.entity.js';
import { FailureCountPurge } from './failure-count-purge.js';
import { FailureCounters } from './failure-counters.js';
import { FailureCountsRepository } from './failure-counts.repository.js';
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
