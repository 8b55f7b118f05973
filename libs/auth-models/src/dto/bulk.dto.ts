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
import { ExcludedBy } from '../validation/excluded-by.decorator.js';
import { LIST, NOT_EMPTY, TRUE_OR_FALSE, WHOLE_NUMBER } from '../validation/messages.js';
import { Omittable } from '../validation/omittable.decorator.js';
import { Required } from '../validation/required.decorator.js';

/** What every bulk request says: which items, by their ids or by a filter, and whether it only asks what would happen. */
export class BulkDto {
  /** The items: tokens by id, users by name in any spelling; either this or `filter`. */
  @ValidateIf(({ ids, filter }: BulkDto & { filter?: unknown }) => ids !== undefined || filter === undefined)
  @Required('send ids or filter')
  @ExcludedBy('filter')
  @IsArray(LIST)
  @ArrayMinSize(1, NOT_EMPTY)
  @ArrayMaxSize(BULK_IDS_MAX)
  @IsString({ each: true })
  @MaxLength(BULK_ID_MAX_LENGTH, { each: true })
  ids?: string[];

  /** Whether only to count what would be done and to show a sample of it, and to change nothing. */
  @Omittable()
  @IsBoolean(TRUE_OR_FALSE)
  dryRun?: boolean;

  /** The count that a dry run of the same request returned; if more items match by now, nothing is done. */
  @Omittable()
  @IsInt(WHOLE_NUMBER)
  @Min(0)
  expectedCount?: number;
}
