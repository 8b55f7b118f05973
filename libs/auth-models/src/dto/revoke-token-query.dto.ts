import { IsBoolean } from 'class-validator';
import { TRUE_OR_FALSE } from '../validation/messages.js';
import { Omittable } from '../validation/omittable.decorator.js';
import { BooleanParameter } from '../validation/query-values.js';

/** The query parameters of `DELETE /tokens/{id}`. */
export class RevokeTokenQueryDto {
  /** Whether the tokens that were made with it end as well, and those made with these. */
  @Omittable()
  @BooleanParameter()
  @IsBoolean(TRUE_OR_FALSE)
  descendants?: boolean;
}
