import { IsBoolean } from 'class-validator';
import { TRUE_OR_FALSE } from '../validation/messages.js';
import { Omittable } from '../validation/omittable.decorator.js';
import { BooleanParameter } from '../validation/query-values.js';

/** The query parameters of `DELETE /users/{name}`. */
export class DeleteUserQueryDto {
  /** Whether tokens of others that were created with tokens of the user stay valid. They are revoked if left out. */
  @Omittable()
  @BooleanParameter()
  @IsBoolean(TRUE_OR_FALSE)
  keepDescendants?: boolean;
}
