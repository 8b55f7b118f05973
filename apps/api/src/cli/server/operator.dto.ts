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

/** Error in a line of an import file. */
export interface LineProblem {
  line: number;
  message: string;
}

/** Result of importing one batch of a file. */
export interface ImportedLines {
  /** Users that were created, or would be in a dry run. 0 if the batch has problems. */
  imported: number;
  /** Users that already existed. */
  skipped: number;
  problems: LineProblem[];
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
