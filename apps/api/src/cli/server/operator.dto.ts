import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsInt, IsObject, IsString, ValidateNested } from 'class-validator';
import { IsOptionalNonNull } from '@latchkey/auth-models';
import { IMPORT_ROWS_MAX } from '../import-rows-max.js';

/** User in an import file, and its line number. */
export class ImportRow {
  @IsInt()
  line: number;

  /** Validated later, so that the errors of a user are reported with its line number. */
  @IsObject()
  user: object;
}

/** One batch of an import file. */
export class ImportBatchDto {
  @Type(() => ImportRow)
  @ValidateNested({ each: true })
  // Lists in the list would pass as nested lists of rows.
  @IsObject({ each: true })
  @ArrayMaxSize(IMPORT_ROWS_MAX)
  @IsArray()
  rows: ImportRow[];

  /** Whether to validate the users without creating them. */
  @IsBoolean()
  isDryRun: boolean;

  /** Whether to skip existing users instead of reporting them as problems. */
  @IsBoolean()
  isSkippingExisting: boolean;
}

/** Input of a verification of the audit trail. */
export class VerifyAuditDto {
  /** Head from an earlier verification, `sequence:mac`. */
  @IsOptionalNonNull()
  @IsString()
  head?: string;

  /** Earlier keys, 32 bytes in base64 each. */
  @IsArray()
  @IsString({ each: true })
  keys: string[];
}

/** Input of a rotation of the audit key. */
export class RotateAuditKeyDto {
  /** 32 bytes in base64. By default the server creates a key. */
  @IsOptionalNonNull()
  @IsString()
  newKey?: string;

  @IsBoolean()
  isOldKeyLost: boolean;
}
