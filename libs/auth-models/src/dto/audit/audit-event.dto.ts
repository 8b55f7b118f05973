import { IsIn, IsISO8601, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import { AUDIT_ACTIONS, AUDIT_OUTCOMES, type AuditAction, type AuditOutcome } from '../../lists/audit.js';
import { Nested } from '../../validation/nested.js';
import { AuditActorDto } from './audit-actor.dto.js';
import { AuditSubjectDto } from './audit-subject.dto.js';

/** Event in the audit trail. Names are those at the time of the event. Members without a value are absent. */
export class AuditEventDto {
  /** Opaque id of the event. */
  @IsString()
  id: string;

  /** Time of the event, RFC 3339. */
  @IsISO8601()
  time: string;

  /** User, command line or server that performed the action. Absent if the client was not authenticated. */
  @IsOptional()
  @ValidateNested()
  @Nested(() => AuditActorDto)
  actor?: AuditActorDto;

  /** Object that the action applies to. */
  @ValidateNested()
  @Nested(() => AuditSubjectDto)
  subject: AuditSubjectDto;

  /** Action. The names follow the OWASP Logging Vocabulary where it has a term. */
  @IsIn(AUDIT_ACTIONS)
  action: AuditAction;

  /** Outcome of the action. */
  @IsIn(AUDIT_OUTCOMES)
  outcome: AuditOutcome;

  /** Address of the client. */
  @IsOptional()
  @IsString()
  address?: string;

  /** Request id, as in `X-Request-Id` and in the server's log. */
  @IsOptional()
  @IsString()
  traceId?: string;

  /** Changed members with their values before an update. */
  @IsOptional()
  @IsObject()
  before?: Record<string, unknown>;

  /** Changed members with their values after an update. For other actions, their details. */
  @IsOptional()
  @IsObject()
  after?: Record<string, unknown>;
}
