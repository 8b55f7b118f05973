import { IsIn, IsOptional, IsString } from 'class-validator';
import { AUDIT_SUBJECT_KINDS, type AuditSubjectKind } from '../lists/audit-subject-kinds.js';

/** What an entry of the audit trail records something of. */
export class AuditSubjectDto {
  /** What it is: `user`, `token`, `role`, `route`, `address` or `audit`. */
  @IsIn(AUDIT_SUBJECT_KINDS)
  kind: AuditSubjectKind;

  /** Its id, if it has one; many together have none, and `after` names each. */
  @IsOptional()
  @IsString()
  id?: string;

  /** The name it had then; of a token, that of its owner; of many together, `bulk`. */
  @IsString()
  name: string;
}
