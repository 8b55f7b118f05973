export {
  definePermissions,
  type DefinedPermissions,
  type PermissionDefinitions,
  type PermissionOf,
} from './define-permissions.js';
export { ChangePasswordDto } from './dto/account/change-password.dto.js';
export { MeDto } from './dto/account/me.dto.js';
export { PresentedTokenDto } from './dto/account/presented-token.dto.js';
export { CreateSetUpLinkDto } from './dto/account/create-set-up-link.dto.js';
export { LostPasswordDto } from './dto/account/lost-password.dto.js';
export { SetUpLinkDto } from './dto/account/set-up-link.dto.js';
export { SetUpDto } from './dto/account/set-up.dto.js';
export { UpdateMeDto } from './dto/account/update-me.dto.js';
export { ApiListQueryDto } from './dto/apis/api-list-query.dto.js';
export { ApiPermissionDto } from './dto/apis/api-permission.dto.js';

export { ApiDto } from './dto/apis/api.dto.js';
export { ChangeApiQueryDto } from './dto/apis/change-api-query.dto.js';
export { CreateApiDto } from './dto/apis/create-api.dto.js';
export { PermissionUsageDto, PermissionUsageListDto } from './dto/apis/permission-usage.dto.js';
export { UpdateApiDto } from './dto/apis/update-api.dto.js';
export { AuditActorDto } from './dto/audit/audit-actor.dto.js';
export { AuditEventQueryDto } from './dto/audit/audit-event-query.dto.js';
export { AuditEventDto } from './dto/audit/audit-event.dto.js';
export { AuditSubjectDto } from './dto/audit/audit-subject.dto.js';
export { BumpResponseDto } from './dto/auth/bump-response.dto.js';
export { IntrospectionRequestDto } from './dto/auth/introspection-request.dto.js';
export { IntrospectionResponseDto } from './dto/auth/introspection-response.dto.js';
export { OAuthMetadataDto } from './dto/auth/oauth-metadata.dto.js';
export { TokenRequestDto } from './dto/auth/token-request.dto.js';
export { LoginDto } from './dto/auth/login.dto.js';
export { LogoutResponseDto } from './dto/auth/logout-response.dto.js';
export { BulkDryRunResultDto } from './dto/bulk/bulk-dry-run-result.js';
export { BulkItemResultDto } from './dto/bulk/bulk-item-result.dto.js';
export { BulkRequestDto } from './dto/bulk/bulk-request.dto.js';
export { BulkResultDto } from './dto/bulk/bulk-result.dto.js';
export {
  TOKEN_BULK_ACTIONS,
  TokenBulkRequestDto,
  type TokenBulkAction,
} from './dto/bulk/token-bulk-request.dto.js';
export {
  USER_BULK_ACTIONS,
  UserBulkRequestDto,
  type UserBulkAction,
} from './dto/bulk/user-bulk-request.dto.js';
export { CursorPageDto } from './dto/common/cursor-page.js';
export { ListQueryDto } from './dto/common/list-query.dto.js';
export { PageDto } from './dto/common/page.js';
export { ProblemErrorDto } from './dto/common/problem-error.dto.js';
export { OAUTH_ERRORS, OAuthErrorDto, type OAuthError } from './dto/common/oauth-error.dto.js';
export { SendDto } from './dto/common/send.dto.js';
export { ProblemDto } from './dto/common/problem.dto.js';
export { CreateEventTargetDto } from './dto/events/create-event-target.dto.js';
export { EventDeliveryDto, EventDeliveryListQueryDto } from './dto/events/event-delivery.dto.js';
export { EventListQueryDto } from './dto/events/event-list-query.dto.js';
export { EventTargetMembersDto } from './dto/events/event-target-members.dto.js';
export { EventTargetDto } from './dto/events/event-target.dto.js';
export { EventTargetListQueryDto } from './dto/events/event-target-list-query.dto.js';
export { EventDataDto, EventDto, EventTokenDto, EventUserDto } from './dto/events/event.dto.js';
export { type EventOfType, type TypedEvent } from './dto/events/typed-event.js';
export { RedeliverDto, RedeliveredDto } from './dto/events/redeliver.dto.js';
export { UpdateEventTargetDto } from './dto/events/update-event-target.dto.js';
export { ExplanationQueryDto } from './dto/explanations/explanation-query.dto.js';
export {
  ExplainedTokenDto,
  ExplanationDto,
  ExplanationListDto,
  ExplanationStepDto,
  RemedyDto,
} from './dto/explanations/explanation.dto.js';

export { ConfirmSecondFactorDto, RecoveryCodesDto } from './dto/factors/confirm-second-factor.dto.js';
export { NewTotpDto } from './dto/factors/new-totp.dto.js';
export {
  AddPasskeyDto,
  AddedPasskeyDto,
  AuthenticatorSelectionDto,
  PasskeyAlgorithmDto,
  PasskeyCreationOptionsDto,
  PasskeyDescriptorDto,
  PasskeyLoginDto,
  PasskeyRequestOptionsDto,
  PasskeyUserDto,
  RelyingPartyDto,
} from './dto/factors/passkey.dto.js';
export {
  NewPasskeyCredentialDto,
  PasskeyAttestationDto,
  PasskeyCredentialDto,
  PasskeySignatureDto,
} from './dto/factors/passkey-credential.dto.js';
export { SecondFactorDto, SecondFactorListDto } from './dto/factors/second-factor.dto.js';
export { StepUpDto, StepUpResponseDto } from './dto/factors/step-up.dto.js';
export { LeakReportDto } from './dto/leaks/leak-report.dto.js';
export { ClaimDetailsDto, ClaimDto } from './dto/offers/claim.dto.js';
export { CreateOfferDto, DecideOfferDto, RequestTokenDto } from './dto/offers/create-offer.dto.js';
export { CreateTokenTemplateDto } from './dto/offers/create-token-template.dto.js';
export { MyOfferListQueryDto, OfferListQueryDto } from './dto/offers/offer-list-query.dto.js';
export { OfferDto } from './dto/offers/offer.dto.js';
export { TokenTemplateListQueryDto } from './dto/offers/token-template-list-query.dto.js';
export { TokenTemplateDto } from './dto/offers/token-template.dto.js';
export { UpdateTokenTemplateDto } from './dto/offers/update-token-template.dto.js';
export { CreateRoleDto } from './dto/roles/create-role.dto.js';
export { RoleListQueryDto } from './dto/roles/role-list-query.dto.js';
export { RoleDto } from './dto/roles/role.dto.js';
export { UpdateRoleDto } from './dto/roles/update-role.dto.js';
export { DailyLoginsDto } from './dto/server/daily-logins.dto.js';
export { HealthDto } from './dto/server/health.dto.js';
export { HealthQueryDto } from './dto/server/health-query.dto.js';
export { ProblemTypeDto, ProblemTypeListDto } from './dto/server/problem-type.dto.js';
export {
  ApiTokenPolicyDto,
  EndpointsDto,
  PasswordPolicyDto,
  RequestLimitsDto,
  ServerPolicyDto,
  SessionPolicyDto,
} from './dto/server/server-policy.dto.js';
export { AuditVerificationDto, BackupDto, ServerStateDto } from './dto/server/server-state.dto.js';
export { SettingListDto } from './dto/server/setting-list.dto.js';
export { SettingDto } from './dto/server/setting.dto.js';
export { StatsDto } from './dto/server/stats.dto.js';
export { TokenStatsDto } from './dto/server/token-stats.dto.js';
export { UserSessionCountDto } from './dto/server/user-session-count.dto.js';
export { UserStatsDto } from './dto/server/user-stats.dto.js';
export { AddressUseDto } from './dto/tokens/address-use.dto.js';
export { CreateTokenDto } from './dto/tokens/create-token.dto.js';
export { DailyTokenUsageDto } from './dto/tokens/daily-token-usage.dto.js';
export { PermissionUseDto } from './dto/tokens/permission-use.dto.js';
export { RateLimitDto } from './dto/tokens/rate-limit.dto.js';
export { RevokeTokenQueryDto, RevokeTokensQueryDto } from './dto/tokens/revoke-token-query.dto.js';
export { RotateTokenDto } from './dto/tokens/rotate-token.dto.js';
export { RotatedTokenDto } from './dto/tokens/rotated-token.dto.js';
export { SupersededSecretDto } from './dto/tokens/superseded-secret.dto.js';
export { TokenFilterDto } from './dto/tokens/token-filter.dto.js';
export { TokenListQueryDto } from './dto/tokens/token-list-query.dto.js';
export { TokenUsageDto } from './dto/tokens/token-usage.dto.js';
export { UpdateTokenDto } from './dto/tokens/update-token.dto.js';
export { UserTokenFilterDto } from './dto/tokens/user-token-filter.dto.js';
export { UserTokenListQueryDto } from './dto/tokens/user-token-list-query.dto.js';
export { UserTokenDto } from './dto/tokens/user-token.dto.js';
export { CreateUserDto, NewUserDto } from './dto/users/create-user.dto.js';
export { DeleteUserQueryDto } from './dto/users/delete-user-query.dto.js';
export { ImportProblemDto, ImportResultDto } from './dto/users/import-result.dto.js';
export { ImportUsersDto } from './dto/users/import-users.dto.js';
export { ProfileDto } from './dto/users/profile.dto.js';
export { ResetPasswordDto } from './dto/users/reset-password.dto.js';
export { UpdateUserDto } from './dto/users/update-user.dto.js';
export { UserFilterDto } from './dto/users/user-filter.dto.js';
export { UserListQueryDto } from './dto/users/user-list-query.dto.js';
export { UserDto } from './dto/users/user.dto.js';
export { RevocationFeedQueryDto } from './dto/verifiers/revocation-feed-query.dto.js';
export { ReplicaDto, VerifierDto, VerifierListDto } from './dto/verifiers/verifier-list.dto.js';
export {
  ReportedRejectionDto,
  ReportedUseDto,
  VerifierReportDto,
  VerifierReportedDto,
} from './dto/verifiers/verifier-report.dto.js';
export * from './lists/index.js';
export { IsSort, IsTokenStates } from './validation/comma-separated.js';
export { firstFailedRule, type FailedRule } from './validation/first-failed-rule.js';
export { IsHashablePassword, IsPassword } from './validation/is-password.js';
export { disallowedCharacterIn } from './validation/identifiers/disallowed-characters.js';
export { HasAllowedCharacters, IsUserName } from './validation/is-user-name.js';
export { IsMetadata, metadataHeader } from './validation/metadata.js';
export { IsNetworks } from './validation/is-networks.js';
export { formatNetwork, isInNetwork, parseNetwork, type Network } from './validation/networks.js';
export { DEFAULT_POLICY, withPolicy, type ValidationPolicy } from './validation/policy.js';
export {
  AllowedIf,
  IsOptionalNonNull,
  isRejectionRule,
  MutuallyExclusiveWith,
  RejectMember,
  Required,
} from './validation/presence.js';
export { ParseBoolean, ParseInteger } from './validation/query-parameters.js';
export { IsSingleLine, SINGLE_LINE_PATTERN } from './validation/single-line.js';
