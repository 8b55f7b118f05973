import { IsIn, IsString, MaxLength, MinLength } from 'class-validator';
import { CLAIM_LINK_STATES, type ClaimLinkState } from '../../lists/enums.js';
import { NOT_EMPTY } from '../../validation/messages.js';
import { ClaimableTokenDto } from './claimable-token.dto.js';

/** Use of a claim link by its recipient. */
export class ClaimDto {
  /** Secret of the link: its part after `#`. The whole link is accepted too. */
  @IsString()
  @MinLength(1, NOT_EMPTY)
  @MaxLength(128)
  secret: string;
}

/** State of a claim link and, while it is open, the token that a claim creates. */
export class ClaimDetailsDto extends ClaimableTokenDto {
  /** State of the link. */
  @IsIn(CLAIM_LINK_STATES)
  state: ClaimLinkState;
}
