import { IsBoolean, IsISO8601, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { Nested } from '../../validation/nested.js';

/** Backup with `latchkey backup`. */
export class BackupDto {
  /** Time of the backup, RFC 3339. */
  @IsISO8601()
  time: string;

  /** Path of the file. */
  @IsString()
  file: string;

  /** Size of the file in bytes. Absent if it was created by an older version. */
  @IsOptional()
  @IsInt()
  bytes?: number;
}

/** Verification of the audit trail. */
export class AuditVerificationDto {
  /** Time at which it ended, RFC 3339. */
  @IsISO8601()
  time: string;

  /** Number of verified entries. */
  @IsInt()
  entries: number;

  /**
   * Number of problems, except those that only the given head shows (`headDiffers`); verification stops after
   * 20.
   */
  @IsInt()
  problems: number;

  /**
   * Whether the trail lacks the given head: the head is wrong or belongs to another trail, or entries were
   * replaced or cut off.
   */
  @IsOptional()
  @IsBoolean()
  headDiffers?: boolean;
}

/** Last backup, and last verification of the audit trail. */
export class ServerStateDto {
  /** Whether the server records backups. Only with SQLite: PostgreSQL has its own tools. */
  @IsBoolean()
  knowsBackups: boolean;

  /** Last backup with `latchkey backup`. Absent if there is no readable record. */
  @IsOptional()
  @ValidateNested()
  @Nested(() => BackupDto)
  lastBackup?: BackupDto;

  /** Last verification of the audit trail. Absent if the trail has none. */
  @IsOptional()
  @ValidateNested()
  @Nested(() => AuditVerificationDto)
  lastAuditVerification?: AuditVerificationDto;
}
