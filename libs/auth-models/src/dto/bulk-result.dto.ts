import { IsInt, ValidateNested } from 'class-validator';
import { Nested } from '../validation/nested.decorator.js';
import { BulkItemDto } from './bulk-item.dto.js';

/** What a bulk request did. */
export class BulkResultDto {
  /** How many items it was about, done or refused. */
  @IsInt()
  count: number;

  /** What was done to each. */
  @ValidateNested({ each: true })
  @Nested(() => BulkItemDto)
  results: BulkItemDto[];
}
