import { IsIn, IsInt, IsOptional, IsString } from 'class-validator';
import { ERROR_CODES, type ErrorCode } from '../lists/error-codes.js';

/** What a bulk request did to one item. */
export class BulkItemResultDto {
  /** Id of the item, in the form in which lists show it; as it was sent if there is no such item. */
  @IsString()
  id: string;

  /**
   * The status that the same change of this item alone would be answered with; 409 if `extend` would not make the end any
   * later, and that of the failure if the request broke off before it.
   */
  @IsInt()
  status: number;

  /** Why it was refused; absent if it was done. */
  @IsOptional()
  @IsIn(Object.keys(ERROR_CODES))
  code?: ErrorCode;

  /** What was not done as wished, such as a longer life than the server allows. */
  @IsOptional()
  @IsString({ each: true })
  warnings?: string[];
}
