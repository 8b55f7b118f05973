import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { AuditKeyRotation } from './audit-key-rotation.js';
import { AuditKeys } from './audit-keys.js';
import { AuditTrailRepository } from '../trail/audit-trail.repository.js';
import { checkTrailKey } from './trail-key.js';

/** Checks at startup that the server has the key of the trail, so that a swapped key is noticed. */
@Injectable()
export class AuditKeyStart implements OnModuleInit {
  constructor(
    private readonly trail: AuditTrailRepository,
    private readonly keys: AuditKeys,
    private readonly rotation: AuditKeyRotation,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws ConfigurationError if the server does not have the trail's key. */
  async onModuleInit(): Promise<void> {
    const { keyId } = await this.trail.chain();
    const { isConfigured } = this.keys;
    const own = this.keys.own ?? (keyId === '' ? this.keys.ownOrCreate() : undefined);
    if (keyId === '' || keyId === own?.id) {
      return;
    }
    checkTrailKey(keyId, this.keys);
    if (isConfigured) {
      this.logger.warn(
        { keyId, configured: own?.id },
        'LATCHKEY_AUDIT_KEY is not the key that the audit trail is sealed with. The data folder has that key. ' +
          'Set LATCHKEY_AUDIT_KEY to it, or hand over with: latchkey rotate-audit-key',
      );
      return;
    }
    const rotated = await this.rotation.rotate();
    this.logger.warn(rotated, 'The audit trail was handed over to a new key');
  }
}
