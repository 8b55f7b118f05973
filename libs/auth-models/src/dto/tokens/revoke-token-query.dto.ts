import { IsBoolean } from 'class-validator';
import { TRUE_OR_FALSE } from '../../validation/messages.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { ParseBoolean } from '../../validation/query-parameters.js';
import { AwaitQueryDto } from '../verifiers/await-query.dto.js';

/** Query parameters of `DELETE /tokens/{id}`. */
export class RevokeTokenQueryDto extends AwaitQueryDto {
  /** Whether to revoke also the tokens that were created with this one, and those created with them. */
  @IsOptionalNonNull()
  @ParseBoolean()
  @IsBoolean(TRUE_OR_FALSE)
  descendants?: boolean;
}
