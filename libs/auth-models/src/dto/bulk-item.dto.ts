import { IsIn, IsInt, IsOptional, IsString } from 'class-validator';
import { ERROR_CODES, type ErrorCode } from '../lists/error-codes.js';

/** What a bulk request did to one item. */
export class BulkItemDto {
  /** Id of the item, in the form in which lists show it; as it was sent if there is no such item. */
  @IsString()
  id: string;

  /** The status that the same change of this item alone would be answered with. */
  @IsInt()
  status: number;

  /** Why it was refused; absent if it was done. */
  @IsOptional()
  @IsIn(Object.keys(ERROR_CODES))
  code?: ErrorCode;
}
