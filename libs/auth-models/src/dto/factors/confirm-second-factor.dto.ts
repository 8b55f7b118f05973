import { IsArray, IsString } from 'class-validator';
import { IsNonEmptyLine, IsSecondFactorName } from '../../validation/members.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Confirmation of a new second factor. */
export class ConfirmSecondFactorDto {
  /** Current code of the authenticator app: six digits. Spaces are ignored. */
  @IsNonEmptyLine(20)
  code: string;

  /** Name that the user recognizes it by, such as `Phone`. */
  @IsOptionalNonNull()
  @IsSecondFactorName()
  name?: string;
}

/** New recovery codes. */
export class RecoveryCodesDto {
  /**
   * Recovery codes, each for one sign-in without the second factor. Only this response contains them. Empty
   * if the user has recovery codes already.
   */
  @IsArray()
  @IsString({ each: true })
  codes: string[];
}
