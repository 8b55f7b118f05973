import { Module } from '@nestjs/common';
import { AuditKey } from './audit-key.js';
import { AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';

/** The append-only trail of what was done, by whom, to what. */
@Module({ providers: [AuditKey, AuditRepository, AuditService], exports: [AuditService] })
export class AuditModule {}
