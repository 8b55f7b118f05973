import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import { RolesModule } from '../roles/roles.module.js';
import { ThrottleModule } from '../throttle/throttle.module.js';
import { UsersModule } from '../users/users.module.js';
import { ApiTokensService } from './api-tokens.service.js';
import { DescendantRevocations } from './descendant-revocations.service.js';
import { EverybodysTokens } from './everybodys-tokens.js';
import { ExpiredTokens } from './expired-tokens.js';
import { LastUses } from './last-uses.js';
import { PresentedTokensRepository } from './presented-tokens.repository.js';
import { RevocationsService } from './revocations.service.js';
import { SessionsService } from './sessions.service.js';
import { TokenAccess } from './token-access.js';
import { TokenBulkActions } from './token-bulk-actions.js';
import { TokenBulkChunks } from './token-bulk-chunks.js';
import { TokenBulkSelection } from './token-bulk-selection.js';
import { TokenBulkController } from './token-bulk.controller.js';
import { TokenBulkRepository } from './token-bulk.repository.js';
import { TokenBulkService } from './token-bulk.service.js';
import { TokenEditingService } from './token-editing.service.js';
import { Token } from './token.entity.js';
import { TokenAncestor } from './token-ancestor.entity.js';
import { TokenFiguresRepository } from './token-figures.repository.js';
import { TokenListController } from './token-list.controller.js';
import { TokenListRepository } from './token-list.repository.js';
import { TokenListService } from './token-list.service.js';
import { TokenLineageRepository } from './token-lineage.repository.js';
import { TokenLives } from './token-lives.js';
import { TokenPermissions } from './token-permissions.js';
import { TokenPurge } from './token-purge.js';
import { TokenRemovalRepository } from './token-removal.repository.js';
import { TokenRotationService } from './token-rotation.service.js';
import { TokenUsageController } from './token-usage.controller.js';
import { TokenUsage } from './token-usage.entity.js';
import { TokenUsageRepository } from './token-usage.repository.js';
import { TokenUsageService } from './token-usage.service.js';
import { TokensController } from './tokens.controller.js';
import { TokensRepository } from './tokens.repository.js';
import { UserRevocationsService } from './user-revocations.service.js';
import { VerifiedTokens } from './verified-tokens.js';

/** Tokens: issued, looked up by digest, prolonged, revoked, purged. */
@Module({
  imports: [
    ThrottleModule,
    TypeOrmModule.forFeature([Token, TokenAncestor, TokenUsage]),
    AuditModule,
    RevocationModule,
    RolesModule,
    UsersModule,
  ],
  controllers: [TokenBulkController, TokenListController, TokenUsageController, TokensController],
  providers: [
    ApiTokensService,
    DescendantRevocations,
    EverybodysTokens,
    ExpiredTokens,
    LastUses,
    PresentedTokensRepository,
    RevocationsService,
    SessionsService,
    TokenAccess,
    TokenBulkActions,
    TokenBulkChunks,
    TokenBulkRepository,
    TokenBulkSelection,
    TokenBulkService,
    TokenEditingService,
    TokenFiguresRepository,
    TokenListRepository,
    TokenListService,
    TokenLineageRepository,
    TokenLives,
    TokenPermissions,
    TokenPurge,
    TokenRemovalRepository,
    TokenRotationService,
    TokenUsageRepository,
    TokenUsageService,
    TokensRepository,
    UserRevocationsService,
    VerifiedTokens,
  ],
  exports: [
    ApiTokensService,
    DescendantRevocations,
    ExpiredTokens,
    LastUses,
    PresentedTokensRepository,
    RevocationsService,
    SessionsService,
    TokenFiguresRepository,
    TokenLineageRepository,
    TokenListService,
    TokenRemovalRepository,
    TokensRepository,
    UserRevocationsService,
    VerifiedTokens,
  ],
})
export class TokensModule {}
