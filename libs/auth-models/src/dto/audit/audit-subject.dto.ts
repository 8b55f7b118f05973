import { IsIn, IsOptional, IsString } from 'class-validator';
import { AUDIT_SUBJECT_KINDS, type AuditSubjectKind } from '../../lists/audit.js';

/** Object that an audited action applies to. */
export class AuditSubjectDto {
  /** Kind of the object. */
  @IsIn(AUDIT_SUBJECT_KINDS)
  kind: AuditSubjectKind;

  /** Id of the object. Absent for bulk actions, where `after` lists each object. */
  @IsOptional()
  @IsString()
  id?: string;

  /** Name of the object at that time; for a token the name of its user, and `bulk` for bulk actions. */
  @IsString()
  name: string;
}
