import { IsIn } from 'class-validator';
import { EVENT_TARGET_KINDS, type EventTargetKind, type EventType } from '../../lists/events.js';
import { IsApiName, IsEventTargetName, IsEventTypes } from '../../validation/members.js';
import { IsUserName } from '../../validation/is-user-name.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { EventTargetMembersDto } from './event-target-members.dto.js';

/** New event target. `url` and `format` are for webhooks; `addresses` to `language` are for e-mail. */
export class CreateEventTargetDto extends EventTargetMembersDto {
  /** Name of the target. It cannot be changed later. */
  @IsEventTargetName()
  name: string;

  /** Kind of the target. */
  @IsIn(EVENT_TARGET_KINDS)
  kind: EventTargetKind;

  /** Types of events that the target receives. */
  @IsEventTypes()
  types: EventType[];

  /** Only events about this user, or tokens of this user. */
  @IsOptionalNonNull()
  @IsUserName()
  user?: string;

  /** Only events about tokens that are limited to permissions, at least one of them of this API. */
  @IsOptionalNonNull()
  @IsApiName()
  api?: string;
}
