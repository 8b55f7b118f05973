import { IsISO8601, IsString } from 'class-validator';

/** A link with which somebody chooses their password, once. */
export class SetUpLinkDto {
  /** The link to hand over; it holds a secret, and is in this answer only. */
  @IsString()
  link: string;

  /** Until when it can be used, RFC 3339. */
  @IsISO8601()
  expirationTime: string;
}
