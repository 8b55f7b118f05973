import { IsBoolean, IsIn, IsObject, IsString, Matches, ValidateIf, ValidateNested } from 'class-validator';
import { ROLE_NAME_MESSAGE, ROLE_NAME_PATTERN } from '../lists/built-in-roles.js';
import { TRUE_OR_FALSE } from '../validation/messages.js';
import { Nested } from '../validation/nested.decorator.js';
import { AllowedIf, IsOptionalNonNull, Required } from '../validation/presence.js';
import { BulkRequestDto } from './bulk-request.dto.js';
import { UserFilterDto } from './user-filter.dto.js';

/** What can be done to many users at once. */
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

/** A change of many users. */
export class UserBulkRequestDto extends BulkRequestDto {
  /** What is done to each; `revokeTokens` needs `tokens:write`, too. */
  @IsIn(USER_BULK_ACTIONS)
  action: UserBulkAction;

  /** The role that `addRole` and `removeRole` are about. */
  @ValidateIf(({ action, role }: UserBulkRequestDto) => role !== undefined || ROLE_ACTIONS.includes(action))
  @Required('role is missing: addRole and removeRole need the name of one')
  @AllowedIf('action', ROLE_ACTIONS)
  @IsString()
  @Matches(ROLE_NAME_PATTERN, { message: ROLE_NAME_MESSAGE })
  role?: string;

  /** Whether `delete` keeps tokens of other users that were created or rotated with the users' tokens; by default it revokes them. */
  @IsOptionalNonNull()
  @AllowedIf('action', ['delete'])
  @IsBoolean(TRUE_OR_FALSE)
  keepDescendants?: boolean;

  /**
   * The users by what the list filters by; either this or `ids`. An empty filter means all of them, and any other needs
   * `users:read`.
   */
  @IsOptionalNonNull()
  @IsObject()
  @ValidateNested()
  @Nested(() => UserFilterDto)
  filter?: UserFilterDto;
}
