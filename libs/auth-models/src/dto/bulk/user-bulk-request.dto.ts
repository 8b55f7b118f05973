import { IsBoolean, IsIn, IsObject, ValidateIf, ValidateNested } from 'class-validator';
import { IsRoleName } from '../../validation/members.js';
import { TRUE_OR_FALSE } from '../../validation/messages.js';
import { Nested } from '../../validation/nested.js';
import { AllowedIf, IsOptionalNonNull, Required } from '../../validation/presence.js';
import { UserFilterDto } from '../users/user-filter.dto.js';
import { BulkRequestDto } from './bulk-request.dto.js';

/** Bulk actions on users. */
export const USER_BULK_ACTIONS = [
  'enable',
  'disable',
  'delete',
  'addRole',
  'removeRole',
  'revokeTokens',
] as const;

/** One of {@link USER_BULK_ACTIONS}. */
export type UserBulkAction = (typeof USER_BULK_ACTIONS)[number];

const ROLE_ACTIONS: readonly UserBulkAction[] = ['addRole', 'removeRole'];

/** Bulk request for users. */
export class UserBulkRequestDto extends BulkRequestDto {
  /** Action on each user. `revokeTokens` also requires `tokens:write`. */
  @IsIn(USER_BULK_ACTIONS)
  action: UserBulkAction;

  /** Role to add or remove. Required for `addRole` and `removeRole`. */
  @ValidateIf(({ action, role }: UserBulkRequestDto) => role !== undefined || ROLE_ACTIONS.includes(action))
  @Required('role is missing; addRole and removeRole require the name of a role')
  @AllowedIf('action', ROLE_ACTIONS)
  @IsRoleName()
  role?: string;

  /**
   * Whether `delete` keeps tokens of other users that were created or rotated with the users' tokens. By
   * default it revokes them.
   */
  @IsOptionalNonNull()
  @AllowedIf('action', ['delete'])
  @IsBoolean(TRUE_OR_FALSE)
  keepDescendants?: boolean;

  /**
   * Users by the filters of the user list. Send either this or `ids`. An empty filter matches all users, and
   * any other filter requires `users:read`.
   */
  @IsOptionalNonNull()
  @IsObject()
  @ValidateNested()
  @Nested(() => UserFilterDto)
  filter?: UserFilterDto;
}
