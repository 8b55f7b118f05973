import { IsIn, IsISO8601 } from 'class-validator';
import { AUDIT_ACTIONS, AUDIT_OUTCOMES, type AuditAction, type AuditOutcome } from '../../lists/audit.js';
import { AuditActorDto } from './audit-actor.dto.js';
import { AuditSubjectDto } from './audit-subject.dto.js';

/** Event in the audit trail. Names are those at the time of the event. Members without a value are absent. */
export class AuditEventDto {
  /** Opaque id of the event. */
  id: string;

  /** Time of the event, RFC 3339. */
  @IsISO8601()
  time: string;

  /** User, command line or server that performed the action. Absent if the client was not authenticated. */
  actor?: AuditActorDto;

  /** Object that the action applies to. */
  subject: AuditSubjectDto;

  /** Action. The names follow the OWASP Logging Vocabulary where it has a term. */
  @IsIn(AUDIT_ACTIONS)
  action: AuditAction;

  /** Outcome of the action. */
  @IsIn(AUDIT_OUTCOMES)
  outcome: AuditOutcome;

  /** Address of the client. */
  address?: string;

  /** Request id, as in `X-Request-Id` and in the server's log. */
  traceId?: string;

  /** Changed members with their values before an update. */
  before?: Record<string, unknown>;

  /** Changed members with their values after an update. For other actions, their details. */
  after?: Record<string, unknown>;
}
