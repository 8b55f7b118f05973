import { IsIn, IsInt, IsString, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { AUDIT_FILTER_MAX_LENGTH, PAGE_SIZE_MAX } from '../limits.js';
import {
  AUDIT_ACTIONS,
  AUDIT_OUTCOMES,
  type AuditAction,
  type AuditOutcome,
} from '../lists/audit-actions.js';
import { IsDateTime } from '../validation/is-instant.decorator.js';
import { IsSingleLine } from '../validation/is-single-line.decorator.js';
import { NOT_EMPTY, WHOLE_NUMBER } from '../validation/messages.js';
import { IsOptionalNonNull } from '../validation/presence.js';
import { ParseInteger } from '../validation/query-values.js';

/** The query parameters of `GET /audit-events`. */
export class AuditEventQueryDto {
  /** Where the page begins, as `Link` with `rel="next"` said. */
  @IsOptionalNonNull()
  @IsString()
  @Matches(/^[A-Za-z0-9_-]{1,64}$/, { message: 'cursor must be one that Link told' })
  cursor?: string;

  /** Most entries on a page; large ones make it end earlier. */
  @IsOptionalNonNull()
  @ParseInteger()
  @IsInt(WHOLE_NUMBER)
  @Min(1)
  @Max(PAGE_SIZE_MAX)
  size?: number;

  /** Only what came after the entry with this id, oldest first: for polling. */
  @IsOptionalNonNull()
  @IsString()
  @Matches(/^[A-Za-z0-9-]{1,36}$/, { message: 'after must be the id of an entry' })
  after?: string;

  /** Only what this user did, by name in any spelling or by id. */
  @IsOptionalNonNull()
  @IsString()
  @IsSingleLine()
  @MinLength(1, NOT_EMPTY)
  @MaxLength(AUDIT_FILTER_MAX_LENGTH)
  actor?: string;

  /**
   * Only what was done to this user (in any spelling), role or other thing, by name or by id: alone or as one of many. What
   * was done to a user's tokens, or to everybody's, was done to the user, too.
   */
  @IsOptionalNonNull()
  @IsString()
  @IsSingleLine()
  @MinLength(1, NOT_EMPTY)
  @MaxLength(AUDIT_FILTER_MAX_LENGTH)
  subject?: string;

  /** Only this action. */
  @IsOptionalNonNull()
  @IsIn(AUDIT_ACTIONS)
  action?: AuditAction;

  /** Only what succeeded, or what failed. */
  @IsOptionalNonNull()
  @IsIn(AUDIT_OUTCOMES)
  outcome?: AuditOutcome;

  /** Only from this client address. */
  @IsOptionalNonNull()
  @IsString()
  @IsSingleLine()
  @MinLength(1, NOT_EMPTY)
  @MaxLength(64)
  address?: string;

  /** Only from this instant on, RFC 3339 with a zone. */
  @IsOptionalNonNull()
  @IsDateTime()
  from?: string;

  /** Only before this instant, RFC 3339 with a zone. */
  @IsOptionalNonNull()
  @IsDateTime()
  to?: string;

  /** Only the request with this id. */
  @IsOptionalNonNull()
  @IsString()
  @IsSingleLine()
  @MinLength(1, NOT_EMPTY)
  @MaxLength(64)
  traceId?: string;
}
