import { IsISO8601, IsOptional, IsString } from 'class-validator';

/** One-time link that lets a user choose a password. */
export class SetUpLinkDto {
  /** Link to pass on to the user. It contains a secret, and only this response has it. */
  @IsString()
  link: string;

  /** Expiry of the link, RFC 3339. */
  @IsISO8601()
  expirationTime: string;

  /** Address to which the server sent the link, if requested. */
  @IsOptional()
  @IsString()
  sentTo?: string;

  /** Reason why the mail server did not accept the message. The link still works: pass it on yourself. */
  @IsOptional()
  @IsString()
  sendError?: string;

  /**
   * Time from which an older link is rejected everywhere, RFC 3339. Only the response to that request has it.
   */
  @IsOptional()
  @IsISO8601()
  effectiveBy?: string;
}
