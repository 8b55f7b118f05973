export { AuditActorDto } from './dto/audit-actor.dto.js';
export { AuditEventDto } from './dto/audit-event.dto.js';
export { AuditEventQueryDto } from './dto/audit-event-query.dto.js';
export { AuditSubjectDto } from './dto/audit-subject.dto.js';
export { BulkDryRunResultDto } from './dto/bulk-dry-run-result.js';
export { BulkItemResultDto } from './dto/bulk-item-result.dto.js';
export { BulkResultDto } from './dto/bulk-result.dto.js';
export { BulkRequestDto } from './dto/bulk-request.dto.js';
export { BumpResponseDto } from './dto/bump-response.dto.js';
export { ChangePasswordDto } from './dto/change-password.dto.js';
export { CreateRoleDto } from './dto/create-role.dto.js';
export { CreateTokenDto } from './dto/create-token.dto.js';
export { CreateUserDto } from './dto/create-user.dto.js';
export { DeleteUserQueryDto } from './dto/delete-user-query.dto.js';
export { CursorPageDto } from './dto/cursor-page.js';
export { HealthDto } from './dto/health.dto.js';
export { IntrospectionRequestDto } from './dto/introspection-request.dto.js';
export { IntrospectionResponseDto } from './dto/introspection-response.dto.js';
export { ListQueryDto } from './dto/list-query.dto.js';
export { DailyLoginsDto } from './dto/daily-logins.dto.js';
export { LoginDto } from './dto/login.dto.js';
export { LogoutResponseDto } from './dto/logout-response.dto.js';
export { MeDto } from './dto/me.dto.js';
export { PageDto } from './dto/page.js';
export { PermissionListDto } from './dto/permission-list.dto.js';
export { PermissionDto } from './dto/permission.dto.js';
export { ProblemErrorDto } from './dto/problem-error.dto.js';
export { ProblemDto } from './dto/problem.dto.js';
export { ProfileDto } from './dto/profile.dto.js';
export { ROLE_SORT_FIELDS, RoleListQueryDto, type RoleSortField } from './dto/role-list-query.dto.js';
export { RoleDto } from './dto/role.dto.js';
export { RevokeTokenQueryDto } from './dto/revoke-token-query.dto.js';
export { RotateTokenDto } from './dto/rotate-token.dto.js';
export { ResetPasswordDto } from './dto/reset-password.dto.js';
export { SetUpLinkDto } from './dto/set-up-link.dto.js';
export { UserSessionCountDto } from './dto/user-session-count.dto.js';
export { SetUpDto } from './dto/set-up.dto.js';
export { SettingListDto } from './dto/setting-list.dto.js';
export { SettingDto } from './dto/setting.dto.js';
export { StatsDto } from './dto/stats.dto.js';
export { SupersededSecretDto } from './dto/superseded-secret.dto.js';
export {
  TOKEN_BULK_ACTIONS,
  TokenBulkRequestDto,
  type TokenBulkAction,
} from './dto/token-bulk-request.dto.js';
export { DailyTokenUsageDto } from './dto/daily-token-usage.dto.js';
export { TokenUsageDto } from './dto/token-usage.dto.js';
export { TokenFilterDto } from './dto/token-filter.dto.js';
export { TokenStatsDto } from './dto/token-stats.dto.js';
export { TokenListQueryDto } from './dto/token-list-query.dto.js';
export { UpdateMeDto } from './dto/update-me.dto.js';
export { UpdateUserDto } from './dto/update-user.dto.js';
export { USER_BULK_ACTIONS, UserBulkRequestDto, type UserBulkAction } from './dto/user-bulk-request.dto.js';
export { UserFilterDto } from './dto/user-filter.dto.js';
export { USER_SORT_FIELDS, UserListQueryDto, type UserSortField } from './dto/user-list-query.dto.js';
export { UpdateRoleDto } from './dto/update-role.dto.js';
export { UpdateTokenDto } from './dto/update-token.dto.js';
export { UserStatsDto } from './dto/user-stats.dto.js';
export { UserTokenDto } from './dto/user-token.dto.js';
export { UserTokenFilterDto } from './dto/user-token-filter.dto.js';
export {
  TOKEN_SORT_FIELDS,
  UserTokenListQueryDto,
  type TokenSortField,
} from './dto/user-token-list-query.dto.js';
export { UserDto } from './dto/user.dto.js';
export * from './limits.js';
export { COMMAND_LINE_ACTOR_ID, SERVER_ACTOR_ID } from './lists/audit-actor-ids.js';
export { AUDIT_ACTIONS, AUDIT_OUTCOMES, type AuditAction, type AuditOutcome } from './lists/audit-actions.js';
export { AUDIT_SUBJECT_KINDS, type AuditSubjectKind } from './lists/audit-subject-kinds.js';
export { BUILT_IN_ROLES, DEFAULT_ROLE, ROLE_NAME_PATTERN, type BuiltInRole } from './lists/built-in-roles.js';
export { ERROR_CODES, type ErrorCode } from './lists/error-codes.js';
export { HEADERS, SESSION_COOKIE_PREFERENCE } from './lists/header-names.js';
export {
  BUILT_IN_PERMISSIONS,
  isPermission,
  PERMISSION_PATTERN,
  type BuiltInPermission,
} from './lists/permissions.js';
export { SETTING_SOURCES, type SettingSource } from './lists/setting-sources.js';
export { TOKEN_KINDS, type TokenKind } from './lists/token-kinds.js';
export { TOKEN_STATES, type TokenState } from './lists/token-states.js';
export { USER_KINDS, type UserKind } from './lists/user-kinds.js';
export { canonicalUserName, USER_NAME_PATTERN } from './validation/canonical-name.js';
export { firstFailedRule, type FailedRule } from './validation/first-failure.js';
export {
  IsHashablePassword,
  isHashablePassword,
  IsPassword,
  isPassword,
  normalizePassword,
  passwordMessage,
  passwordLength,
} from './validation/is-password.decorator.js';
export { IsSingleLine, SINGLE_LINE_PATTERN } from './validation/is-single-line.decorator.js';
export { IsSort, parseSort, type SortField } from './validation/is-sort.decorator.js';
export { IsTokenStates, parseTokenStates } from './validation/is-token-states.decorator.js';
export { IsUserName } from './validation/is-user-name.decorator.js';
export {
  AllowedIf,
  IsOptionalNonNull,
  isRejectionRule,
  MutuallyExclusiveWith,
  RejectMember,
  Required,
} from './validation/presence.js';
export { ParseBoolean, ParseInteger } from './validation/query-values.js';
