import { IsIn, IsInt, IsISO8601, IsOptional, IsString, Matches } from 'class-validator';
import { DELIVERY_STATES, EVENT_TYPES, type DeliveryState, type EventType } from '../../lists/events.js';
import { IsPageSize } from '../../validation/members.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Delivery of an event to a target. */
export class EventDeliveryDto {
  /** Id of the delivery. */
  @IsString()
  id: string;

  /** Id of the event. */
  @IsString()
  event: string;

  /** Type of the event. */
  @IsIn(EVENT_TYPES)
  type: EventType;

  /** Address that receives the event by e-mail. Only readers with `events:write` see it. */
  @IsOptional()
  @IsString()
  recipient?: string;

  /** State of the delivery. */
  @IsIn(DELIVERY_STATES)
  state: DeliveryState;

  /** Time at which the server queued the delivery, RFC 3339. */
  @IsISO8601()
  creationTime: string;

  /** Number of attempts. */
  @IsInt()
  attempts: number;

  /** Time of the last attempt, RFC 3339. */
  @IsOptional()
  @IsISO8601()
  lastAttemptTime?: string;

  /** Time of the next attempt, RFC 3339. */
  @IsOptional()
  @IsISO8601()
  nextAttemptTime?: string;

  /** Duration of the last attempt in milliseconds. */
  @IsOptional()
  @IsInt()
  milliseconds?: number;

  /** HTTP status of the last response. */
  @IsOptional()
  @IsInt()
  status?: number;

  /** Error of the last attempt. It never contains the body of a response. */
  @IsOptional()
  @IsString()
  error?: string;
}

/** Query parameters of a list of deliveries, newest first. */
export class EventDeliveryListQueryDto {
  /** Start of the page: a cursor from a `Link` header with `rel="next"`. */
  @IsOptionalNonNull()
  @IsString()
  @Matches(/^[A-Za-z0-9_-]{1,64}$/, { message: 'cursor must come from a Link header' })
  cursor?: string;

  /** Maximum number of deliveries on a page. */
  @IsOptionalNonNull()
  @IsPageSize()
  size?: number;

  /** Only deliveries in this state. */
  @IsOptionalNonNull()
  @IsIn(DELIVERY_STATES)
  state?: DeliveryState;
}
