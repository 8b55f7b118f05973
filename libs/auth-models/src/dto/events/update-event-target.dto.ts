import { IsOptional } from 'class-validator';
import { type EventType } from '../../lists/events.js';
import { IsApiName, IsEventTypes, IsVersion } from '../../validation/members.js';
import { IsUserName } from '../../validation/is-user-name.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { EventTargetMembersDto } from './event-target-members.dto.js';

/** Merge patch (RFC 7396) of an event target. Absent members do not change. */
export class UpdateEventTargetDto extends EventTargetMembersDto {
  /** Types of events that the target receives. */
  @IsOptionalNonNull()
  @IsEventTypes()
  types?: EventType[];

  /** Only events about this user; `null` removes the filter. */
  @IsOptional()
  @IsUserName()
  user?: string | null;

  /** Only events about tokens with permissions of this API; `null` removes the filter. */
  @IsOptional()
  @IsApiName()
  api?: string | null;

  /** Expected version of the target. Required unless `If-Match` has it. */
  @IsOptionalNonNull()
  @IsVersion()
  version?: number;
}
