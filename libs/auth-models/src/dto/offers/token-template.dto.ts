import { IsInt, IsISO8601, IsOptional, IsString } from 'class-validator';
import { DescribedScopeDto } from '../tokens/described-token.dto.js';

/**
 * Template for tokens that users can request. It grants nothing: the approver must be able to create such a
 * token.
 */
export class TokenTemplateDto extends DescribedScopeDto {
  /** Name of the template. It never changes. */
  @IsString()
  name: string;

  /** Purpose of the tokens. */
  @IsOptional()
  @IsString()
  description?: string;

  /** Lifetime of the tokens in seconds. */
  @IsInt()
  expiresIn: number;

  /** Creation time, RFC 3339. */
  @IsISO8601()
  creationTime: string;

  /** Number of edits of the template. */
  @IsInt()
  version: number;
}
