import { IsIn, IsInt, IsISO8601, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { OFFER_STATES, type OfferState } from '../../lists/enums.js';
import { NOT_EMPTY } from '../../validation/messages.js';
import { PlannedTokenDto } from '../tokens/described-token.dto.js';

/** Use of a claim link by its recipient. */
export class ClaimDto {
  /** Secret of the link: its part after `#`. The whole link is accepted too. */
  @IsString()
  @MinLength(1, NOT_EMPTY)
  @MaxLength(128)
  secret: string;
}

/**
 * State of an offer, and the token that a claim creates. The holder of a claim link sees the token only while
 * the link works.
 */
export class ClaimDetailsDto extends PlannedTokenDto {
  /** Canonical name of the token's user, who is the recipient. */
  @IsString()
  user: string;

  /** Name of the user who created the offer: the sender of a link, or the requester. */
  @IsString()
  createdBy: string;

  /** State of the offer. */
  @IsIn(OFFER_STATES)
  state: OfferState;

  /** Seconds from the claim until the token expires. */
  @IsOptional()
  @IsInt()
  tokenExpiresIn?: number;

  /**
   * Expiry of the token, RFC 3339, if it does not depend on the claim. A token without both members has no
   * expiry.
   */
  @IsOptional()
  @IsISO8601()
  tokenExpirationTime?: string;

  /** Time until which a request can be approved, or an approved offer can be claimed, RFC 3339. */
  @IsISO8601()
  expirationTime: string;

  /** Time of the claim, RFC 3339. */
  @IsOptional()
  @IsISO8601()
  claimTime?: string;
}
