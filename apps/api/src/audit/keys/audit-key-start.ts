import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { AuditKeyRotation } from './audit-key-rotation.js';
import { AuditKeys } from './audit-keys.js';
import { AuditTrailRepository } from '../trail/audit-trail.repository.js';
import { checkTrailKey } from './trail-key.js';

/** Sees at the start that this server can go on with the trail: a key that was swapped does not go unnoticed. */
@Injectable()
export class AuditKeyStart implements OnModuleInit {
  constructor(
    private readonly trail: AuditTrailRepository,
    private readonly keys: AuditKeys,
    private readonly rotation: AuditKeyRotation,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws ConfigurationError if the key is none that the trail knows. */
  async onModuleInit(): Promise<void> {
    const { keyId } = await this.trail.chain();
    const { isConfigured } = this.keys;
    const own = this.keys.own ?? (keyId === '' ? this.keys.first() : undefined);
    if (keyId === '' || keyId === own?.id) {
      return;
    }
    checkTrailKey(keyId, this.keys);
    if (isConfigured) {
      this.logger.warn(
        { keyId, configured: own?.id },
        'LATCHKEY_AUDIT_KEY is not the key that the audit trail is sealed with, which was found in the data folder. ' +
          'Set that one, or hand over with: latchkey rotate-audit-key',
      );
      return;
    }
    const rotated = await this.rotation.rotate();
    this.logger.warn(rotated, 'The audit trail has been handed over to a new key');
  }
}
