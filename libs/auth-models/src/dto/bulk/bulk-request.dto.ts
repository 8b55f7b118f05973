import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsString,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { BULK_ID_MAX_LENGTH, BULK_IDS_MAX } from '../../limits.js';
import { LIST, NOT_EMPTY, TRUE_OR_FALSE, WHOLE_NUMBER } from '../../validation/messages.js';
import { IsOptionalNonNull, MutuallyExclusiveWith, Required } from '../../validation/presence.js';

/** Members of every bulk request: the items, by id or by filter, and the options of a dry run. */
export class BulkRequestDto {
  /** Items of the request: tokens by id, users by name in any spelling. Send either this or `filter`. */
  @ValidateIf(
    ({ ids, filter }: BulkRequestDto & { filter?: unknown }) => ids !== undefined || filter === undefined,
  )
  @Required('send ids or filter')
  @MutuallyExclusiveWith('filter')
  @IsArray(LIST)
  @ArrayMinSize(1, NOT_EMPTY)
  @ArrayMaxSize(BULK_IDS_MAX)
  @IsString({ each: true })
  @MaxLength(BULK_ID_MAX_LENGTH, { each: true })
  ids?: string[];

  /** Whether to return only the number of items and a sample, and to change nothing. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  dryRun?: boolean;

  /** `count` of a dry run of the same request. If more items match now, nothing is changed. */
  @IsOptionalNonNull()
  @IsInt(WHOLE_NUMBER)
  @Min(0)
  expectedCount?: number;
}
