import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  ValidateNested,
} from 'class-validator';
import { EVENT_TYPES, type EventType } from '../../lists/events.js';
import { Nested } from '../../validation/nested.js';

/** User that an event is about, or that caused it. */
export class EventUserDto {
  /** Id of the user, which is never reused. */
  @IsString()
  id: string;

  /** Name of the user. */
  @IsString()
  name: string;
}

/** Token that an event is about. */
export class EventTokenDto {
  /** Id of the token. */
  @IsString()
  id: string;

  /** Name of the owner. */
  @IsString()
  user: string;

  /** Start and end of the secret, such as `latchkey_…5Cd1`. */
  @IsOptional()
  @IsString()
  tokenPreview?: string;

  /** Note of the token. */
  @IsOptional()
  @IsString()
  note?: string;

  /** Expiry, RFC 3339. */
  @IsOptional()
  @IsISO8601()
  expirationTime?: string;
}

/** Content of an event. Its members depend on the type. It never contains a secret. */
export class EventDataDto {
  /** User, command line or server that caused the event. */
  @IsOptional()
  @ValidateNested()
  @Nested(() => EventUserDto)
  actor?: EventUserDto;

  /** Users that the event is about: the owners of the tokens, disabled users, or the user who logged in. */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => EventUserDto)
  users?: EventUserDto[];

  /** Tokens that the event is about. */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => EventTokenDto)
  tokens?: EventTokenDto[];

  /** Whether the event concerns all tokens of `users`, or all tokens of the server if `users` is absent. */
  @IsOptional()
  @IsBoolean()
  allTokens?: boolean;

  /** Days until the tokens expire. */
  @IsOptional()
  @IsInt()
  days?: number;

  /** Address of the client. */
  @IsOptional()
  @IsString()
  address?: string;

  /** Reason that the actor gave. */
  @IsOptional()
  @IsString()
  reason?: string;

  /** Finder of a leaked token. */
  @IsOptional()
  @IsString()
  source?: string;

  /** Page with a leaked token. */
  @IsOptional()
  @IsString()
  url?: string;

  /** Id of the offer that waits for an approval. */
  @IsOptional()
  @IsString()
  offer?: string;

  /** Number of uses of a canary or an old secret, or of problems in the audit trail. */
  @IsOptional()
  @IsInt()
  count?: number;

  /** Time of the last backup, RFC 3339. */
  @IsOptional()
  @IsISO8601()
  lastBackup?: string;
}

/** Event: an entry of the audit trail that someone should know about. The body of a signed webhook. */
export class EventDto {
  /** Id of the event: the id of its entry in the audit trail, and `webhook-id`. */
  @IsString()
  id: string;

  /** Type of the event. */
  @IsIn(EVENT_TYPES)
  type: EventType;

  /** Time of the event, RFC 3339. */
  @IsISO8601()
  timestamp: string;

  /** Content of the event. */
  @ValidateNested()
  @Nested(() => EventDataDto)
  data: EventDataDto;
}
