import { IsIn, IsString } from 'class-validator';
import { ProblemDto } from './problem.dto.js';

/** Error codes of OAuth (RFC 6749, sections 4.1.2.1 and 5.2, and RFC 6750, section 3.1). */
export const OAUTH_ERRORS = [
  'invalid_request',
  'invalid_client',
  'insufficient_scope',
  'temporarily_unavailable',
  'server_error',
] as const;

export type OAuthError = (typeof OAUTH_ERRORS)[number];

/** Error of an OAuth endpoint (RFC 6749, section 5.2), with the members of all other problems. */
export class OAuthErrorDto extends ProblemDto {
  /** Error code of OAuth. */
  @IsIn(OAUTH_ERRORS)
  error: OAuthError;

  /** The same as `detail`, in ASCII. */
  @IsString()
  error_description: string;
}
