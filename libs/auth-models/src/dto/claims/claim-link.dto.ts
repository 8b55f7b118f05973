import { IsIn, IsISO8601, IsOptional, IsString } from 'class-validator';
import { CLAIM_LINK_STATES, type ClaimLinkState } from '../../lists/enums.js';
import { ClaimableTokenDto } from './claimable-token.dto.js';

/** One-time link with which its recipient creates an API token. The token and its secret do not exist until then. */
export class ClaimLinkDto extends ClaimableTokenDto {
  /** Opaque id of the link. */
  @IsString()
  id: string;

  /** Link to send to the recipient. It contains a secret, and only the response to its creation contains it. */
  @IsOptional()
  @IsString()
  link?: string;

  /** State of the link. */
  @IsIn(CLAIM_LINK_STATES)
  state: ClaimLinkState;

  /** Creation time, RFC 3339. */
  @IsISO8601()
  creationTime: string;

  /** Id of the token that the claim created. */
  @IsOptional()
  @IsString()
  tokenId?: string;

  /** Deviations from the request, such as an expiry reduced to the server's maximum. Only the response to that request has them. */
  @IsOptional()
  @IsString({ each: true })
  warnings?: string[];
}
