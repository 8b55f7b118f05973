import { IsArray, IsIn, IsInt, IsISO8601, IsOptional, IsString, ValidateNested } from 'class-validator';
import { SECOND_FACTOR_KINDS, type SecondFactorKind } from '../../lists/enums.js';
import { Nested } from '../../validation/nested.js';

/** Second factor of the caller. */
export class SecondFactorDto {
  @IsString()
  id: string;

  /** Kind of the factor. */
  @IsIn(SECOND_FACTOR_KINDS)
  kind: SecondFactorKind;

  /** Name that the user gave it. */
  @IsOptional()
  @IsString()
  name?: string;

  /** Time at which it was confirmed, RFC 3339. */
  @IsISO8601()
  creationTime: string;

  /** Time of the last proof that was accepted, RFC 3339. */
  @IsOptional()
  @IsISO8601()
  lastUsedTime?: string;

  /** Last time at which the counter of a passkey went back, so that someone may have copied it, RFC 3339. */
  @IsOptional()
  @IsISO8601()
  copiedTime?: string;
}

/** Second factors of the caller. */
export class SecondFactorListDto {
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => SecondFactorDto)
  items: SecondFactorDto[];

  /** Number of unused recovery codes. */
  @IsInt()
  recoveryCodes: number;
}
