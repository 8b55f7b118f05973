import { IsBoolean } from 'class-validator';
import { TRUE_OR_FALSE } from '../../validation/messages.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { ParseBoolean } from '../../validation/query-parameters.js';

/** Query parameters of `PATCH` and `DELETE /apis/{name}`. */
export class ChangeApiQueryDto {
  /**
   * Whether to remove deleted permissions from the roles and tokens that use them, which
   * `GET /apis/{name}/usage` lists. Without `force`, the request returns 409 if roles or tokens use one of
   * them.
   */
  @IsOptionalNonNull()
  @ParseBoolean()
  @IsBoolean(TRUE_OR_FALSE)
  force?: boolean;
}
