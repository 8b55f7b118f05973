import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TokenAccess } from './access/token-access.service.js';
import { TokenPermissions } from './access/token-permissions.service.js';
import { TokenReader } from './access/token-reader.service.js';
import { TokenUpdates } from './access/token-updates.service.js';
import { TokenBulkOperations } from './bulk/token-bulk-operations.service.js';
import { TokenBulkController } from './bulk/token-bulk.controller.js';
import { TokenBulkService } from './bulk/token-bulk.service.js';
import { ExpiredTokens } from './cache/expired-tokens.service.js';
import { PresentedTokenReader } from './cache/presented-token-reader.service.js';
import { VerifiedTokens } from './cache/verified-tokens.service.js';
import { ApiTokensService } from './issue/api-tokens.service.js';
import { DelegatedTokensService } from './issue/delegated-tokens.service.js';
import { NewTokens } from './issue/new-tokens.service.js';
import { SessionsService } from './issue/sessions.service.js';
import { TokenRotationService } from './issue/token-rotation.service.js';
import { ExpiringTokenMetrics } from './list/expiring-token-metrics.service.js';
import { MyTokensController } from './list/my-tokens.controller.js';
import { TokenFigures } from './list/token-figures.service.js';
import { TokenListRepository } from './list/token-list.repository.js';
import { TokenListService } from './list/token-list.service.js';
import { UserTokensController } from './list/user-tokens.controller.js';
import { RotatedSecretsRepository } from './model/rotated-secrets.repository.js';
import { TokenAncestor } from './model/token-ancestor.entity.js';
import { TokenApi } from './model/token-api.entity.js';
import { TokenLifetimePolicy } from './model/token-lifetime-policy.service.js';
import { TokenLineageRepository } from './model/token-lineage.repository.js';
import { Token } from './model/token.entity.js';
import { TokensRepository } from './model/tokens.repository.js';
import { DescendantRevocations } from './revoke/descendant-revocations.service.js';
import { LeakedTokensService } from './revoke/leaked-tokens.service.js';
import { RevocationsService } from './revoke/revocations.service.js';
import { TokenPurge } from './revoke/token-purge.service.js';
import { UserRevocationsService } from './revoke/user-revocations.service.js';
import { UserTokensService } from './revoke/user-tokens.service.js';
import { TokenEditingService } from './token-editing.service.js';
import { TokensController } from './tokens.controller.js';
import { CanaryAlarms } from './usage/canary-alarms.service.js';
import { CanaryRecords } from './usage/canary-records.service.js';
import { LastUses } from './usage/last-uses.service.js';
import { TokenLastUse } from './usage/token-last-use.entity.js';
import { TokenLastUsesRepository } from './usage/token-last-uses.repository.js';
import { TokenLimits } from './usage/token-limits.service.js';
import { TokenUsage } from './usage/token-usage.entity.js';
import { TokenUsageRepository } from './usage/token-usage.repository.js';
import { TokenUsageService } from './usage/token-usage.service.js';
import { ExpiringTokensRepository } from './warnings/expiring-tokens.repository.js';
import { ExpiryWarnings } from './warnings/expiry-warnings.service.js';
import { OldSecretWarnings } from './warnings/old-secret-warnings.service.js';
import { AuditModule } from '../audit/audit.module.js';
import { PermissionsModule } from '../permissions/permissions.module.js';
import { UsersModule } from '../users/users.module.js';
import { ThrottleModule } from '../throttle/throttle.module.js';

/** Tokens: issue, rotation, revocation, lists, usage and the cache. */
@Module({
  imports: [
    TypeOrmModule.forFeature([Token, TokenAncestor, TokenApi, TokenLastUse, TokenUsage]),
    AuditModule,
    PermissionsModule,
    UsersModule,
    ThrottleModule,
  ],
  controllers: [MyTokensController, TokenBulkController, TokensController, UserTokensController],
  providers: [
    ApiTokensService,
    CanaryAlarms,
    CanaryRecords,
    DelegatedTokensService,
    DescendantRevocations,
    ExpiredTokens,
    ExpiringTokenMetrics,
    ExpiringTokensRepository,
    ExpiryWarnings,
    LastUses,
    LeakedTokensService,
    NewTokens,
    OldSecretWarnings,
    RevocationsService,
    RotatedSecretsRepository,
    SessionsService,
    TokenAccess,
    TokenBulkOperations,
    TokenBulkService,
    TokenEditingService,
    TokenFigures,
    TokenLastUsesRepository,
    TokenLifetimePolicy,
    TokenLimits,
    TokenLineageRepository,
    TokenListRepository,
    TokenListService,
    PresentedTokenReader,
    TokenPermissions,
    TokenPurge,
    TokenRotationService,
    TokenReader,
    TokenUpdates,
    TokenUsageRepository,
    TokenUsageService,
    TokensRepository,
    UserRevocationsService,
    UserTokensService,
    VerifiedTokens,
  ],
  exports: [
    ApiTokensService,
    CanaryAlarms,
    DelegatedTokensService,
    ExpiredTokens,
    LastUses,
    LeakedTokensService,
    RevocationsService,
    SessionsService,
    TokenAccess,
    TokenFigures,
    TokenLimits,
    PresentedTokenReader,
    TokenPermissions,
    TokenReader,
    UserTokensService,
    VerifiedTokens,
  ],
})
export class TokensModule {}
