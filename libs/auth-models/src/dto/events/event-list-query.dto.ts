import { IsString, Matches } from 'class-validator';
import { IsEventTypeFilter, IsPageSize } from '../../validation/members.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Query parameters of `GET /events`. */
export class EventListQueryDto {
  /** Only events after the one with this id, oldest first. Without it, the newest events, newest first. */
  @IsOptionalNonNull()
  @IsString()
  @Matches(/^[A-Za-z0-9-]{1,36}$/, { message: 'after must be the id of an event' })
  after?: string;

  /** Maximum number of events on a page. */
  @IsOptionalNonNull()
  @IsPageSize()
  size?: number;

  /** Only events of these types, separated by commas. */
  @IsOptionalNonNull()
  @IsEventTypeFilter()
  type?: string;
}
