import { IsISO8601, IsInt } from 'class-validator';

/** Backup with `latchkey backup`. */
export class BackupDto {
  /** Time of the backup, RFC 3339. */
  @IsISO8601()
  time: string;

  /** Path of the file. */
  file: string;

  /** Size of the file in bytes. Absent if it was created by an older version. */
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

  /** Number of problems, except those that only the given head shows (`headDiffers`); verification stops after 20. */
  @IsInt()
  problems: number;

  /** Whether the trail lacks the given head: the head is wrong or belongs to another trail, or entries were replaced or cut off. */
  headDiffers?: boolean;
}

/** Last backup, and last verification of the audit trail. */
export class ServerStateDto {
  /** Whether the server records backups. Only with SQLite: PostgreSQL has its own tools. */
  knowsBackups: boolean;

  /** Last backup with `latchkey backup`. Absent if there is no readable record. */
  lastBackup?: BackupDto;

  /** Last verification of the audit trail. Absent if the trail has none. */
  lastAuditVerification?: AuditVerificationDto;
}
