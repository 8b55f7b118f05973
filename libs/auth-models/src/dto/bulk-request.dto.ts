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
import { BULK_ID_MAX_LENGTH, BULK_IDS_MAX } from '../limits.js';
import { LIST, NOT_EMPTY, TRUE_OR_FALSE, WHOLE_NUMBER } from '../validation/messages.js';
import { IsOptionalNonNull, MutuallyExclusiveWith, Required } from '../validation/presence.js';

/** What every bulk request says: which items, by their ids or by a filter, and whether it only asks what would happen. */
export class BulkRequestDto {
  /** The items: tokens by id, users by name in any spelling; either this or `filter`. */
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

  /** Whether only to count what would be done and to show a sample of it, and to change nothing. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  dryRun?: boolean;

  /** The count that a dry run of the same request returned; if more items match by now, nothing is done. */
  @IsOptionalNonNull()
  @IsInt(WHOLE_NUMBER)
  @Min(0)
  expectedCount?: number;
}
