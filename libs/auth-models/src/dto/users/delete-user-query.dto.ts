import { IsBoolean } from 'class-validator';
import { TRUE_OR_FALSE } from '../../validation/messages.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { ParseBoolean } from '../../validation/query-parameters.js';

/** Query parameters of `DELETE /users/{name}`. */
export class DeleteUserQueryDto {
  /**
   * Whether to keep tokens of other users that were created or rotated with the user's tokens. By default the
   * server revokes them.
   */
  @IsOptionalNonNull()
  @ParseBoolean()
  @IsBoolean(TRUE_OR_FALSE)
  keepDescendants?: boolean;
}
