import { IsISO8601, IsString } from 'class-validator';

/** Address that a token was used from. */
export class AddressUseDto {
  /** Address of the client. */
  @IsString()
  address: string;

  /** Last day in UTC on which it used the token. */
  @IsISO8601()
  lastUseDate: string;
}
