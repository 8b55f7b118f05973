import { IsIn, IsISO8601, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import {
  AUDIT_ACTIONS,
  AUDIT_OUTCOMES,
  type AuditAction,
  type AuditOutcome,
} from '../lists/audit-actions.js';
import { Nested } from '../validation/nested.decorator.js';
import { AuditActorDto } from './audit-actor.dto.js';
import { AuditSubjectDto } from './audit-subject.dto.js';

/** An entry of the audit trail. Names are as they were then. Absent values are left out. */
export class AuditEventDto {
  /** Opaque id of the entry. */
  @IsString()
  id: string;

  /** When it was done, RFC 3339. */
  @IsISO8601()
  time: string;

  /** The user, the command line or the server that did it; absent if the client was not authenticated. */
  @IsOptional()
  @ValidateNested()
  @Nested(() => AuditActorDto)
  actor?: AuditActorDto;

  /** What it was done to. */
  @ValidateNested()
  @Nested(() => AuditSubjectDto)
  subject: AuditSubjectDto;

  /** What was done, in OWASP's vocabulary of security events where it has a word. */
  @IsIn(AUDIT_ACTIONS)
  action: AuditAction;

  /** `success` or `failure`. */
  @IsIn(AUDIT_OUTCOMES)
  outcome: AuditOutcome;

  /** The client's address. */
  @IsOptional()
  @IsString()
  address?: string;

  /** The request id, as in `X-Request-Id` and in the server's log. */
  @IsOptional()
  @IsString()
  traceId?: string;

  /** Of an edit, what was changed, as it was before. */
  @IsOptional()
  @IsObject()
  before?: Record<string, unknown>;

  /** Of an edit, what was changed, as it was afterwards; of other acts, what there is to tell of them. */
  @IsOptional()
  @IsObject()
  after?: Record<string, unknown>;
}
