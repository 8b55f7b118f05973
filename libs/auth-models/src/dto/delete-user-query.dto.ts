import { IsBoolean } from 'class-validator';
import { TRUE_OR_FALSE } from '../validation/messages.js';
import { IsOptionalNonNull } from '../validation/presence.js';
import { ParseBoolean } from '../validation/query-values.js';

/** The query parameters of `DELETE /users/{name}`. */
export class DeleteUserQueryDto {
  /** Whether tokens of other users that were created or rotated with the user's tokens stay valid; by default the server revokes them. */
  @IsOptionalNonNull()
  @ParseBoolean()
  @IsBoolean(TRUE_OR_FALSE)
  keepDescendants?: boolean;
}
