import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { KnownAccounts } from './known-accounts.js';
import { ThrottleService } from './throttle.service.js';
import { ThrottledTries } from './throttled-tries.js';

/** Failure counters per canonical name and per client network. */
@Module({
  imports: [AuditModule],
  providers: [KnownAccounts, ThrottledTries, ThrottleService],
  exports: [KnownAccounts, ThrottleService],
})
export class ThrottleModule {}
