import { IsArray, IsString } from 'class-validator';
import { IsNonEmptyLine } from '../../validation/members.js';

/** Confirmation of a new second factor. */
export class ConfirmSecondFactorDto {
  /** Current code of the authenticator app: six digits. Spaces are ignored. */
  @IsNonEmptyLine(20)
  code: string;
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
