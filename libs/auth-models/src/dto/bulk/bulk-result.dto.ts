import { IsInt, IsISO8601, IsOptional, ValidateNested } from 'class-validator';
import { Nested } from '../../validation/nested.js';
import { BulkItemResultDto } from './bulk-item-result.dto.js';

/** Result of a bulk request. */
export class BulkResultDto {
  /**
   * Number of distinct items in the request that exist and that the caller may see, as in a dry run: changed,
   * rejected, or unchanged because they already are as requested. Items with 404 in `results` are not
   * counted.
   */
  @IsInt()
  count: number;

  /** Result for each item. */
  @ValidateNested({ each: true })
  @Nested(() => BulkItemResultDto)
  results: BulkItemResultDto[];

  /**
   * Time from which the changes are in effect everywhere, RFC 3339. Only the response to that request has it.
   */
  @IsOptional()
  @IsISO8601()
  effectiveBy?: string;
}
