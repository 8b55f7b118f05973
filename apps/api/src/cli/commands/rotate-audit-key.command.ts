import { Injectable } from '@nestjs/common';
import { AuditKeyRotation, type AuditKeyRotated } from '../../audit/keys/audit-key-rotation.js';
import { type Command, type CommandRun } from '../command.js';

/** The new key, and what became of the old one. */
export interface RotateAuditKeyOptions {
  /** 32 bytes in base64; without one, a key is made. */
  newKey?: string;
  isOldKeyLost: boolean;
}

/** Replaces the key that seals the audit trail. */
@Injectable()
export class RotateAuditKeyCommand implements Command<RotateAuditKeyOptions, AuditKeyRotated> {
  readonly name = 'rotate-audit-key';

  constructor(private readonly rotation: AuditKeyRotation) {}

  run(options: RotateAuditKeyOptions, { actor }: CommandRun): Promise<AuditKeyRotated> {
    return this.rotation.rotate({ ...options, actor });
  }
}
