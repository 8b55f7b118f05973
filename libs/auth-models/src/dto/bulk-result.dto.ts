import { Type } from 'class-transformer';
import { IsInt, ValidateNested } from 'class-validator';
import { BulkItemDto } from './bulk-item.dto.js';

/** What a bulk request did. */
export class BulkResultDto {
  /** How many items it was about, done or refused. */
  @IsInt()
  count: number;

  /** What was done to each. */
  @ValidateNested({ each: true })
  @Type(() => BulkItemDto)
  results: BulkItemDto[];
}
