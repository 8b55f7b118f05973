import { IsIn, IsString, Matches } from 'class-validator';
import { AUDIT_FILTER_MAX_LENGTH, TOKEN_ID_MAX_LENGTH } from '../../limits.js';
import { AUDIT_ACTIONS, AUDIT_OUTCOMES, type AuditAction, type AuditOutcome } from '../../lists/audit.js';
import { IsDateTime } from '../../validation/date-time.js';
import { IsNonEmptyLine, IsPageSize } from '../../validation/members.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Query parameters of `GET /audit-events`. */
export class AuditEventQueryDto {
  /** Start of the page: a cursor from a `Link` header with `rel="next"`. */
  @IsOptionalNonNull()
  @IsString()
  @Matches(/^[A-Za-z0-9_-]{1,64}$/, { message: 'cursor must come from a Link header' })
  cursor?: string;

  /** Maximum number of events on a page. Large events can make a page shorter. */
  @IsOptionalNonNull()
  @IsPageSize()
  size?: number;

  /** Only events after the one with this id, oldest first. Use it for polling. */
  @IsOptionalNonNull()
  @IsString()
  @Matches(/^[A-Za-z0-9-]{1,36}$/, { message: 'after must be the id of an event' })
  after?: string;

  /** Only actions by this user: the name in any spelling, or the id. */
  @IsOptionalNonNull()
  @IsNonEmptyLine(AUDIT_FILTER_MAX_LENGTH)
  actor?: string;

  /** Only actions with the token that has this id. */
  @IsOptionalNonNull()
  @IsNonEmptyLine(TOKEN_ID_MAX_LENGTH)
  actorToken?: string;

  /**
   * Only actions on this user, role or other object: the name (of a user in any spelling) or the id. Includes
   * bulk actions. For a token, also its preview, such as `latchkey_…5Cd1`. Actions on a user's tokens, or on
   * all tokens, also count as actions on the user.
   */
  @IsOptionalNonNull()
  @IsNonEmptyLine(AUDIT_FILTER_MAX_LENGTH)
  subject?: string;

  /** Only this action. */
  @IsOptionalNonNull()
  @IsIn(AUDIT_ACTIONS)
  action?: AuditAction;

  /** Only this outcome. */
  @IsOptionalNonNull()
  @IsIn(AUDIT_OUTCOMES)
  outcome?: AuditOutcome;

  /** Only actions from this client address. */
  @IsOptionalNonNull()
  @IsNonEmptyLine(64)
  address?: string;

  /** Only events at or after this time, RFC 3339 with a time zone. */
  @IsOptionalNonNull()
  @IsDateTime()
  from?: string;

  /** Only events before this time, RFC 3339 with a time zone. */
  @IsOptionalNonNull()
  @IsDateTime()
  to?: string;

  /** Only events of the request with this id. */
  @IsOptionalNonNull()
  @IsNonEmptyLine(64)
  traceId?: string;
}
