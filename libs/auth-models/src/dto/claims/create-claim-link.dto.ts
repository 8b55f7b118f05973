import { RequestedTokenDto } from '../tokens/requested-token.dto.js';

/** API token that the recipient of a claim link creates. `expiresIn` counts from the claim. The body and each member are optional. */
export class CreateClaimLinkDto extends RequestedTokenDto {}
