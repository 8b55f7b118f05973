import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../../audit/audit.module.js';
import { RolesModule } from '../roles/roles.module.js';
import { ThrottleModule } from '../../throttle/throttle.module.js';
import { UsersModule } from '../users/users.module.js';
import { ApiTokensService } from './issue/api-tokens.service.js';
import { RevokeAllTokensService } from '../bulk/tokens/revoke-all-tokens.service.js';
import { ExpiredTokens } from './cache/expired-tokens.js';
import { LastUses } from './usage/last-uses.js';
import { TokenLookUp } from './cache/token-look-up.js';
import { RevocationsService } from './revoke/revocations.service.js';
import { SessionsService } from './issue/sessions.service.js';
import { TokenAccess } from './access/token-access.js';
import { TokenBulkActions } from '../bulk/tokens/token-bulk-actions.js';
import { TokenBulkController } from '../bulk/tokens/token-bulk.controller.js';
import { TokenBulkService } from '../bulk/tokens/token-bulk.service.js';
import { TokenEditingService } from './token-editing.service.js';
import { BulkEngine } from '../bulk/bulk-engine.js';
import { TokenBulkOperations } from '../bulk/tokens/token-bulk-operations.js';
import { UserTokenRemovalService } from './revoke/user-token-removal.service.js';
import { Token } from './model/token.entity.js';
import { TokenAncestor } from './model/token-ancestor.entity.js';
import { TokenFigures } from './list/token-figures.js';
import { TokenListRepository } from './list/token-list.repository.js';
import { TokenListService } from './list/token-list.service.js';
import { TokenLineageRepository } from './model/token-lineage.repository.js';
import { TokenLifetimePolicy } from './model/token-lifetime-policy.js';
import { TokenPermissions } from './access/token-permissions.js';
import { TokenPurge } from './revoke/token-purge.js';
import { TokenRotationService } from './issue/token-rotation.service.js';
import { TokenUsage } from './usage/token-usage.entity.js';
import { TokenUsageRepository } from './usage/token-usage.repository.js';
import { TokenUsageService } from './usage/token-usage.service.js';
import { TokensController } from './tokens.controller.js';
import { TokensRepository } from './model/tokens.repository.js';
import { UserRevocationsService } from './revoke/user-revocations.service.js';
import { VerifiedTokens } from './cache/verified-tokens.js';

/** Tokens: issue, look-up, change, rotation, revocation, lists and purge. */
@Module({
  imports: [
    ThrottleModule,
    TypeOrmModule.forFeature([Token, TokenAncestor, TokenUsage]),
    AuditModule,
    RolesModule,
    UsersModule,
  ],
  controllers: [TokenBulkController, TokensController],
  providers: [
    ApiTokensService,
    BulkEngine,
    RevokeAllTokensService,
    ExpiredTokens,
    LastUses,
    TokenLookUp,
    RevocationsService,
    SessionsService,
    TokenAccess,
    TokenBulkActions,
    TokenBulkOperations,
    TokenBulkService,
    TokenEditingService,
    TokenFigures,
    TokenListRepository,
    TokenListService,
    TokenLineageRepository,
    TokenLifetimePolicy,
    TokenPermissions,
    TokenPurge,
    TokenRotationService,
    TokenUsageRepository,
    TokenUsageService,
    TokensRepository,
    UserRevocationsService,
    UserTokenRemovalService,
    VerifiedTokens,
  ],
  exports: [
    ApiTokensService,
    BulkEngine,
    ExpiredTokens,
    LastUses,
    RevocationsService,
    SessionsService,
    TokenFigures,
    TokenListService,
    TokenLookUp,
    UserRevocationsService,
    UserTokenRemovalService,
    VerifiedTokens,
  ],
})
export class TokensModule {}
