import { IsBoolean, IsIn, IsISO8601, IsOptional } from 'class-validator';
import { AUTH_METHODS, type AuthMethod } from '../../lists/enums.js';
import { DescribedTokenDto } from '../tokens/described-token.dto.js';

/** Token that the caller presents. */
export class PresentedTokenDto extends DescribedTokenDto {
  /**
   * Whether the presented secret is from before the last rotation. Such a secret can only read and revoke.
   */
  @IsBoolean()
  isSuperseded: boolean;

  /** Time of the last login or step-up of a session. Absent for API tokens. */
  @IsOptional()
  @IsISO8601()
  authTime?: string;

  /** Methods that proved who the user of a session is. */
  @IsOptional()
  @IsIn(AUTH_METHODS, { each: true })
  authMethods?: AuthMethod[];
}
