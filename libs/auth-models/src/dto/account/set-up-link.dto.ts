import { IsISO8601, IsString } from 'class-validator';

/** One-time link that lets a user choose a password. */
export class SetUpLinkDto {
  /** Link to pass on to the user. It contains a secret, and only this response has it. */
  @IsString()
  link: string;

  /** Expiry of the link, RFC 3339. */
  @IsISO8601()
  expirationTime: string;
}
