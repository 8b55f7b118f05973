import { IsBoolean } from 'class-validator';
import { IsReason } from '../../validation/members.js';
import { TRUE_OR_FALSE } from '../../validation/messages.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { ParseBoolean } from '../../validation/query-parameters.js';

/** Query parameters of `DELETE /users/{name}/tokens`. */
export class RevokeTokensQueryDto {
  /** Reason for the audit trail. The server does not log it, but proxies may. */
  @IsReason()
  reason?: string;
}

/** Query parameters of `DELETE /tokens/{id}`. */
export class RevokeTokenQueryDto extends RevokeTokensQueryDto {
  /** Whether to revoke also the tokens that were created with this one, and those created with them. */
  @IsOptionalNonNull()
  @ParseBoolean()
  @IsBoolean(TRUE_OR_FALSE)
  descendants?: boolean;
}
