import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { ThrottleModule } from '../throttle/throttle.module.js';
import { AccountService } from './account/account.service.js';
import { MeController } from './account/me.controller.js';
import { CurrentPassword, MyPasswordService } from './account/my-password.service.js';
import { MyTokensController } from './account/my-tokens.controller.js';
import { ApiEditingService } from './apis/api-editing.service.js';
import { ApiListService } from './apis/api-list.service.js';
import { ApiPermissions } from './apis/api-permissions.js';
import { ApiUses } from './apis/api-uses.js';
import { ApiUsesRepository } from './apis/api-uses.repository.js';
import { Api } from './apis/api.entity.js';
import { ApiProbeService } from './apis/probe/api-probe.service.js';
import { ApisController } from './apis/apis.controller.js';
import { ApisRepository } from './apis/apis.repository.js';
import { BulkEngine } from './bulk/bulk-engine.js';
import { RevokeAllTokensService } from './bulk/tokens/revoke-all-tokens.service.js';
import { TokenBulkActions } from './bulk/tokens/token-bulk-actions.js';
import { TokenBulkOperations } from './bulk/tokens/token-bulk-operations.js';
import { TokenBulkController } from './bulk/tokens/token-bulk.controller.js';
import { TokenBulkService } from './bulk/tokens/token-bulk.service.js';
import { UserBulkActions } from './bulk/users/user-bulk-actions.js';
import { UserBulkOperations } from './bulk/users/user-bulk-operations.js';
import { UserBulkController } from './bulk/users/user-bulk.controller.js';
import { UserBulkService } from './bulk/users/user-bulk.service.js';
import { CommonPasswords } from './passwords/blocklist/common-passwords.js';
import { DummyHashes, LoginPasswords } from './passwords/login-passwords.js';
import { PasswordPolicy } from './passwords/password-policy.js';
import { UserPasswordsRepository } from './passwords/user-passwords.repository.js';
import { PasswordChanges, UserPasswordsService } from './passwords/user-passwords.service.js';
import { ActorReader } from './permissions/actor-reader.js';
import { Authority } from './permissions/authority.js';
import { EscalationPolicy } from './permissions/escalation-policy.js';
import { PermissionsModule } from './permissions/permissions.module.js';
import { RoleEditingService } from './roles/role-editing.service.js';
import { RoleHolders } from './roles/role-holders.js';
import { RoleHoldersRepository } from './roles/role-holders.repository.js';
import { RoleListRepository } from './roles/role-list.repository.js';
import { RoleListService } from './roles/role-list.service.js';
import { Role } from './roles/role.entity.js';
import { RolesController } from './roles/roles.controller.js';
import { RolesRepository } from './roles/roles.repository.js';
import { RolesService } from './roles/roles.service.js';
import { FirstAdministrator, FirstSignIn } from './set-up/first-administrator.js';
import { SetUpCompletionService } from './set-up/set-up-completion.service.js';
import { SetUpController } from './set-up/set-up.controller.js';
import { SetUpService } from './set-up/set-up.service.js';
import { StatsController } from './stats/stats.controller.js';
import { StatsService } from './stats/stats.service.js';
import { MyTokenRequestsController } from './token-requests/my-token-requests.controller.js';
import { TokenRequestListService } from './token-requests/token-request-list.service.js';
import { TokenRequest } from './token-requests/token-request.entity.js';
import { TokenRequestsController } from './token-requests/token-requests.controller.js';
import { TokenRequestsRepository } from './token-requests/token-requests.repository.js';
import { TokenRequestsService } from './token-requests/token-requests.service.js';
import { TokenTemplate } from './token-requests/token-template.entity.js';
import { TokenTemplatesController } from './token-requests/token-templates.controller.js';
import { TokenTemplatesRepository } from './token-requests/token-templates.repository.js';
import { TokenTemplatesService } from './token-requests/token-templates.service.js';
import { TokenAccess } from './tokens/access/token-access.js';
import { TokenFamilies } from './tokens/access/token-families.js';
import { TokenGuardRails } from './tokens/access/token-guard-rails.js';
import { TokenPermissions } from './tokens/access/token-permissions.js';
import { TokenStandings } from './tokens/access/token-standings.js';
import { ExpiredTokens } from './tokens/cache/expired-tokens.js';
import { TokenLookUp } from './tokens/cache/token-look-up.js';
import { VerifiedTokens } from './tokens/cache/verified-tokens.js';
import { ClaimLink } from './tokens/claims/claim-link.entity.js';
import { ClaimLinksController } from './tokens/claims/claim-links.controller.js';
import { ClaimLinksRepository } from './tokens/claims/claim-links.repository.js';
import { ClaimLinksService } from './tokens/claims/claim-links.service.js';
import { ClaimsService } from './tokens/claims/claims.service.js';
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
