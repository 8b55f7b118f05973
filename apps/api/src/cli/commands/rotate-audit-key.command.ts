import { Injectable } from '@nestjs/common';
import { AuditKeyRotation, type AuditKeyRotated } from '../../audit/keys/audit-key-rotation.js';
import { type Command, type CommandRun } from '../command.js';

export interface RotateAuditKeyOptions {
  /** 32 bytes in base64. Without it, the command generates a key. */
  newKey?: string;
  isOldKeyLost: boolean;
}

@Injectable()
export class RotateAuditKeyCommand implements Command<RotateAuditKeyOptions, AuditKeyRotated> {
  readonly name = 'rotate-audit-key';

  constructor(private readonly rotation: AuditKeyRotation) {}

  run(options: RotateAuditKeyOptions, { actor }: CommandRun): Promise<AuditKeyRotated> {
    return this.rotation.rotate({ ...options, actor });
  }
}
