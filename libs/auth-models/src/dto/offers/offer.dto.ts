import { IsISO8601, IsOptional, IsString } from 'class-validator';
import { ClaimDetailsDto } from './claim.dto.js';

/** Offer of an API token, which its recipient creates. The token and its secret do not exist until then. */
export class OfferDto extends ClaimDetailsDto {
  /** Opaque id of the offer. */
  @IsString()
  id: string;

  /**
   * Link to send to the recipient. It contains a secret, and only the response to its creation contains it.
   */
  @IsOptional()
  @IsString()
  link?: string;

  /**
   * Address to which the server sent the link, if requested. Only the response to the creation has it.
   */
  @IsOptional()
  @IsString()
  sentTo?: string;

  /**
   * Reason why the mail server did not accept the message. The link still works: pass it on yourself.
   * Only the response to the creation has it.
   */
  @IsOptional()
  @IsString()
  sendError?: string;

  /** Name of the template that a request copied. The template may have been changed or deleted since. */
  @IsOptional()
  @IsString()
  template?: string;

  /** Reason of the requester. */
  @IsOptional()
  @IsString()
  reason?: string;

  /** Creation time, RFC 3339. */
  @IsISO8601()
  creationTime: string;

  /** Name of the user who approved, rejected or revoked the offer. The creator of a link approves it. */
  @IsOptional()
  @IsString()
  decidedBy?: string;

  /** Time of this decision, RFC 3339. */
  @IsOptional()
  @IsISO8601()
  decisionTime?: string;

  /** Reason for this decision. */
  @IsOptional()
  @IsString()
  decisionReason?: string;

  /** Id of the token, once it is claimed. */
  @IsOptional()
  @IsString()
  tokenId?: string;

  /**
   * Deviations from the request, such as an expiry reduced to the server's maximum. Only the response to that
   * request has them.
   */
  @IsOptional()
  @IsString({ each: true })
  warnings?: string[];

  /**
   * Time from which a rejection is in effect everywhere, RFC 3339. Only the response to the rejection has it.
   */
  @IsOptional()
  @IsISO8601()
  effectiveBy?: string;
}
