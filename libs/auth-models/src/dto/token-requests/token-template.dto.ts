import { IsInt, IsISO8601, IsOptional, IsString } from 'class-validator';

/** Template for tokens that users can request. It grants nothing: the approver must be able to create such a token. */
export class TokenTemplateDto {
  /** Name of the template. It never changes. */
  @IsString()
  name: string;

  /** Purpose of the tokens. */
  @IsOptional()
  @IsString()
  description?: string;

  /** Permissions that the tokens are limited to. Absent if they are not limited to permissions. */
  @IsOptional()
  @IsString({ each: true })
  permissions?: string[];

  /** Roles that the tokens are limited to. Absent if they are not limited to roles. */
  @IsOptional()
  @IsString({ each: true })
  roles?: string[];

  /** Lifetime of the tokens in seconds. */
  @IsInt()
  expiresIn: number;

  /** Note of the tokens, unless the request has its own. */
  @IsOptional()
  @IsString()
  note?: string;

  /** Creation time, RFC 3339. */
  @IsISO8601()
  creationTime: string;

  /** Number of edits of the template. */
  @IsInt()
  version: number;
}
