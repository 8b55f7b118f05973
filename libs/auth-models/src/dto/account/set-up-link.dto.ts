import { IsISO8601, IsString } from 'class-validator';

/** Link with which a user chooses a password. It works once. */
export class SetUpLinkDto {
  /** Link to pass on to the user. It contains a secret, and only this response has it. */
  @IsString()
  link: string;

  /** Expiry of the link, RFC 3339. */
  @IsISO8601()
  expirationTime: string;
}
