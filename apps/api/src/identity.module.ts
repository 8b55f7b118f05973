import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from './audit/audit.module.js';
import { ThrottleModule } from './throttle/throttle.module.js';
import { AccountService } from './users/account/account.service.js';
import { MeController } from './users/account/me.controller.js';
import { CurrentPassword, MyPasswordService } from './users/account/my-password.service.js';
import { MyTokensController } from './tokens/list/my-tokens.controller.js';
import { ApiEditingService } from './permissions/apis/api-editing.service.js';
import { ApiListService } from './permissions/apis/api-list.service.js';
import { ApiPermissions } from './permissions/apis/api-permissions.js';
import { ApiUses } from './permissions/apis/api-uses.js';
import { ApiUsesRepository } from './permissions/apis/api-uses.repository.js';
import { Api } from './permissions/apis/api.entity.js';
import { ApiProbeService } from './permissions/apis/probe/api-probe.service.js';
import { ApisController } from './permissions/apis/apis.controller.js';
import { ApisRepository } from './permissions/apis/apis.repository.js';
import { BulkEngine } from './users/bulk/bulk-engine.js';
import { RevokeAllTokensService } from './tokens/bulk/revoke-all-tokens.service.js';
import { TokenBulkActions } from './tokens/bulk/token-bulk-actions.js';
import { TokenBulkOperations } from './tokens/bulk/token-bulk-operations.js';
import { TokenBulkController } from './tokens/bulk/token-bulk.controller.js';
import { TokenBulkService } from './tokens/bulk/token-bulk.service.js';
import { UserBulkActions } from './users/bulk/user-bulk-actions.js';
import { UserBulkOperations } from './users/bulk/user-bulk-operations.js';
import { UserBulkController } from './users/bulk/user-bulk.controller.js';
import { UserBulkService } from './users/bulk/user-bulk.service.js';
import { CommonPasswords } from './users/passwords/blocklist/common-passwords.js';
import { DummyHashes, LoginPasswords } from './users/passwords/login-passwords.js';
import { PasswordPolicy } from './users/passwords/password-policy.js';
import { UserPasswordsRepository } from './users/passwords/user-passwords.repository.js';
import { PasswordChanges, UserPasswordsService } from './users/passwords/user-passwords.service.js';
import { ActorReader } from './permissions/actor-reader.js';
import { Authority } from './permissions/authority.js';
import { EscalationPolicy } from './permissions/escalation-policy.js';
import { PermissionsModule } from './permissions/permissions.module.js';
import { RoleEditingService } from './permissions/roles/role-editing.service.js';
import { RoleHolders } from './permissions/roles/role-holders.js';
import { RoleHoldersRepository } from './permissions/roles/role-holders.repository.js';
import { RoleListRepository } from './permissions/roles/role-list.repository.js';
import { RoleListService } from './permissions/roles/role-list.service.js';
import { Role } from './permissions/roles/role.entity.js';
import { RolesController } from './permissions/roles/roles.controller.js';
import { RolesRepository } from './permissions/roles/roles.repository.js';
import { RolesService } from './permissions/roles/roles.service.js';
import { FirstAdministrator, FirstSignIn } from './users/set-up/first-administrator.js';
import { SetUpCompletionService } from './users/set-up/set-up-completion.service.js';
import { SetUpController } from './users/set-up/set-up.controller.js';
import { SetUpService } from './users/set-up/set-up.service.js';
import { StatsController } from './tokens/list/stats.controller.js';
import { StatsService } from './tokens/list/stats.service.js';
import { MyTokenRequestsController } from './offers/my-token-requests.controller.js';
import { TokenRequestListService } from './offers/token-request-list.service.js';
import { TokenRequest } from './offers/token-request.entity.js';
import { TokenRequestsController } from './offers/token-requests.controller.js';
import { TokenRequestsRepository } from './offers/token-requests.repository.js';
import { TokenRequestsService } from './offers/token-requests.service.js';
import { TokenTemplate } from './offers/token-template.entity.js';
import { TokenTemplatesController } from './offers/token-templates.controller.js';
import { TokenTemplatesRepository } from './offers/token-templates.repository.js';
import { TokenTemplatesService } from './offers/token-templates.service.js';
import { TokenAccess } from './tokens/access/token-access.js';
import { TokenFamilies } from './tokens/access/token-families.js';
import { TokenGuardRails } from './tokens/access/token-guard-rails.js';
import { TokenPermissions } from './tokens/access/token-permissions.js';
import { TokenStandings } from './tokens/access/token-standings.js';
import { ExpiredTokens } from './tokens/cache/expired-tokens.js';
import { TokenLookUp } from './tokens/cache/token-look-up.js';
import { VerifiedTokens } from './tokens/cache/verified-tokens.js';
import { ClaimLink } from './offers/claim-link.entity.js';
import { ClaimLinksController } from './offers/claim-links.controller.js';
import { ClaimLinksRepository } from './offers/claim-links.repository.js';
import { ClaimLinksService } from './offers/claim-links.service.js';
import { ClaimsService } from './offers/claims.service.js';
import { ApiTokensService } from './tokens/issue/api-tokens.service.js';
import { DelegatedTokensService } from './tokens/issue/delegated-tokens.service.js';
import { SessionsService } from './tokens/issue/sessions.service.js';
import { TokenRotationService } from './tokens/issue/token-rotation.service.js';
import { ExpiringTokenMetrics } from './tokens/list/expiring-token-metrics.js';
import { TokenFigures } from './tokens/list/token-figures.js';
import { TokenListRepository } from './tokens/list/token-list.repository.js';
import { TokenListService } from './tokens/list/token-list.service.js';
import { UserTokensController } from './tokens/list/user-tokens.controller.js';
import { RotatedSecretsRepository } from './tokens/model/rotated-secrets.repository.js';
import { TokenAncestor } from './tokens/model/token-ancestor.entity.js';
import { TokenApi } from './tokens/model/token-api.entity.js';
import { TokenLifetimePolicy } from './tokens/model/token-lifetime-policy.js';
import { TokenLineageRepository } from './tokens/model/token-lineage.repository.js';
import { Token } from './tokens/model/token.entity.js';
import { TokensRepository } from './tokens/model/tokens.repository.js';
import { LeakedTokensService } from './tokens/revoke/leaked-tokens.service.js';
import { RevocationsService } from './tokens/revoke/revocations.service.js';
import { TokenPurge } from './tokens/revoke/token-purge.js';
import { UserRevocationsService } from './tokens/revoke/user-revocations.service.js';
import { UserTokenRemovalService } from './tokens/revoke/user-token-removal.service.js';
import { TokenEditingService } from './tokens/token-editing.service.js';
import { TokensController } from './tokens/tokens.controller.js';
import { CanaryAlarms } from './tokens/usage/canary-alarms.js';
import { LastUses } from './tokens/usage/last-uses.js';
import { TokenLimits } from './tokens/usage/token-limits.js';
import { TokenLastUse } from './tokens/usage/token-last-use.entity.js';
import { TokenReportedAddress } from './tokens/usage/token-reported-address.entity.js';
import { TokenReportedAddressesRepository } from './tokens/usage/token-reported-addresses.repository.js';
import { TokenLastUsesRepository } from './tokens/usage/token-last-uses.repository.js';
import { TokenUsage } from './tokens/usage/token-usage.entity.js';
import { TokenUsageRepository } from './tokens/usage/token-usage.repository.js';
import { TokenUsageService } from './tokens/usage/token-usage.service.js';
import { ImportBatchService } from './users/import/import-batch.service.js';
import { UserImportController } from './users/import/user-import.controller.js';
import { UserImportService } from './users/import/user-import.service.js';
import { UserListRepository } from './users/list/user-list.repository.js';
import { UserListService } from './users/list/user-list.service.js';
import { UserRole } from './users/model/user-role.entity.js';
import { UserRolesRepository } from './users/model/user-roles.repository.js';
import { User } from './users/model/user.entity.js';
import { UsersRepository } from './users/model/users.repository.js';
import { ThrottleLiftingService } from './users/throttle-lifting.service.js';
import { UserAccessController } from './users/user-access.controller.js';
import { UserDeletion } from './users/user-deletion.js';
import { UserEditingService } from './users/user-editing.service.js';
import { UserRemovalService } from './users/user-removal.service.js';
import { UsersController } from './users/users.controller.js';
import { UsersService } from './users/users.service.js';

/** Users, roles and tokens: accounts, passwords, authority, lists and bulk requests. */
@Module({
  imports: [
    TypeOrmModule.forFeature([
      Api,
      ClaimLink,
      Role,
      Token,
      TokenAncestor,
      TokenApi,
      TokenLastUse,
      TokenReportedAddress,
      TokenRequest,
      TokenTemplate,
      TokenUsage,
      User,
      UserRole,
    ]),
    AuditModule,
    PermissionsModule,
    ThrottleModule,
  ],
  controllers: [
    ApisController,
    ClaimLinksController,
    MeController,
    MyTokenRequestsController,
    MyTokensController,
    RolesController,
    SetUpController,
    StatsController,
    TokenBulkController,
    TokenRequestsController,
    TokensController,
    TokenTemplatesController,
    UserAccessController,
    UserBulkController,
    UserImportController,
    UsersController,
    UserTokensController,
  ],
  providers: [
    ImportBatchService,
    CanaryAlarms,
    { provide: CommonPasswords, useFactory: () => CommonPasswords.load() },
    AccountService,
    ActorReader,
    ApiEditingService,
    ApiListService,
    ApiPermissions,
    ApiProbeService,
    ApisRepository,
    ApiTokensService,
    ApiUses,
    ApiUsesRepository,
    Authority,
    BulkEngine,
    ClaimLinksRepository,
    ClaimLinksService,
    ClaimsService,
    CurrentPassword,
    DelegatedTokensService,
    DummyHashes,
    EscalationPolicy,
    ExpiredTokens,
    ExpiringTokenMetrics,
    FirstAdministrator,
    FirstSignIn,
    LastUses,
    LoginPasswords,
    MyPasswordService,
    PasswordChanges,
    PasswordPolicy,
    LeakedTokensService,
    RevocationsService,
    RevokeAllTokensService,
    RoleEditingService,
    RoleHolders,
    RoleHoldersRepository,
    RoleListRepository,
    RoleListService,
    RolesRepository,
    RolesService,
    SessionsService,
    SetUpCompletionService,
    SetUpService,
    StatsService,
    ThrottleLiftingService,
    TokenAccess,
    TokenBulkActions,
    TokenBulkOperations,
    TokenBulkService,
    TokenEditingService,
    TokenFigures,
    TokenFamilies,
    TokenGuardRails,
    TokenLifetimePolicy,
    TokenLimits,
    RotatedSecretsRepository,
    TokenLineageRepository,
    TokenListRepository,
    TokenListService,
    TokenLookUp,
    TokenPermissions,
    TokenRequestListService,
    TokenRequestsRepository,
    TokenRequestsService,
    TokenStandings,
    TokenPurge,
    TokenTemplatesRepository,
    TokenTemplatesService,
    TokenRotationService,
    TokensRepository,
    TokenLastUsesRepository,
    TokenReportedAddressesRepository,
    TokenUsageRepository,
    TokenUsageService,
    UserBulkActions,
    UserBulkOperations,
    UserBulkService,
    UserDeletion,
    UserEditingService,
    UserImportService,
    UserListRepository,
    UserListService,
    UserPasswordsRepository,
    UserPasswordsService,
    UserRemovalService,
    UserRevocationsService,
    UserRolesRepository,
    UsersRepository,
    UsersService,
    UserTokenRemovalService,
    VerifiedTokens,
  ],
  exports: [
    ApiPermissions,
    CanaryAlarms,
    ClaimsService,
    ExpiredTokens,
    ImportBatchService,
    LastUses,
    LeakedTokensService,
    LoginPasswords,
    RevocationsService,
    SessionsService,
    TokenAccess,
    TokenLimits,
    TokenLookUp,
    TokenFamilies,
    TokenStandings,
    UsersService,
    VerifiedTokens,
  ],
})
export class IdentityModule {}
