import { IsInt, ValidateNested } from 'class-validator';
import { Nested } from '../validation/nested.decorator.js';
import { BulkItemDto } from './bulk-item.dto.js';

/** What a bulk request did. */
export class BulkResultDto {
  /**
   * How many distinct items the request is about, as a dry run counts them: those that exist and that the caller may see,
   * done, refused, or as requested already. Items that `results` has with 404 because they do not exist are not counted.
   */
  @IsInt()
  count: number;

  /** What was done to each. */
  @ValidateNested({ each: true })
  @Nested(() => BulkItemDto)
  results: BulkItemDto[];
}
