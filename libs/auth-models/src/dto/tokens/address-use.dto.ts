import { IsISO8601, IsOptional, IsString } from 'class-validator';

/** Address that a token was used from. */
export class AddressUseDto {
  /** Address of the client. */
  @IsString()
  address: string;

  /** Last day in UTC on which it used the token. */
  @IsISO8601()
  lastUseDate: string;

  /**
   * Service that reported the address: the name of its user, or the name of a verifier with that of its user
   * in parentheses. Absent if the server itself saw the address.
   */
  @IsOptional()
  @IsString()
  reportedBy?: string;
}
