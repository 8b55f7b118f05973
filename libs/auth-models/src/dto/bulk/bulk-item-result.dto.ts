import { IsIn, IsInt, IsOptional, IsString } from 'class-validator';
import { ERROR_CODES, type ErrorCode } from '../../texts/en.js';

/** Result of a bulk request for one item. */
export class BulkItemResultDto {
  /** Id of the item in the form that lists return, or as it was sent if the item does not exist. */
  @IsString()
  id: string;

  /**
   * HTTP status of the same change to this item alone. It is 409 if `extend` would not set a later expiry,
   * and the status of the failure if the request stopped before this item.
   */
  @IsInt()
  status: number;

  /** Reason for the rejection. Absent if the change was made. */
  @IsOptional()
  @IsIn(Object.keys(ERROR_CODES))
  code?: ErrorCode;

  /** Deviations from the request, such as an expiry reduced to the server's maximum. */
  @IsOptional()
  @IsString({ each: true })
  warnings?: string[];
}
