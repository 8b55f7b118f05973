import { IsLifetime, IsTemplateDescription, IsTemplateName } from '../../validation/members.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { RequestedScopeDto } from '../tokens/requested-token.dto.js';

/** New template for tokens that users can request. */
export class CreateTokenTemplateDto extends RequestedScopeDto {
  /** Name of the template. It cannot be changed later. */
  @IsTemplateName()
  name: string;

  /** Purpose of the tokens, for the users who choose a template. */
  @IsOptionalNonNull()
  @IsTemplateDescription()
  description?: string;

  /** Lifetime of the tokens in seconds. Longer ones are reduced to the server's maximum. */
  @IsLifetime()
  expiresIn: number;
}
