import { IsBoolean } from 'class-validator';
import { TRUE_OR_FALSE } from '../validation/messages.js';
import { IsOptionalNonNull } from '../validation/presence.js';
import { ParseBoolean } from '../validation/query-values.js';

/** The query parameters of `DELETE /tokens/{id}`. */
export class RevokeTokenQueryDto {
  /** Whether the tokens that were made with it end as well, and those made with these. */
  @IsOptionalNonNull()
  @ParseBoolean()
  @IsBoolean(TRUE_OR_FALSE)
  descendants?: boolean;
}
