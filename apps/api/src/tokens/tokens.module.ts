import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { UsersModule } from '../users/users.module.js';
import { LastUses } from './last-uses.js';
import { PresentedTokensRepository } from './presented-tokens.repository.js';
import { RevocationsService } from './revocations.service.js';
import { SessionsService } from './sessions.service.js';
import { Token } from './token.entity.js';
import { TokenListController } from './token-list.controller.js';
import { TokenListRepository } from './token-list.repository.js';
import { TokenListService } from './token-list.service.js';
import { TokenPurge } from './token-purge.js';
import { TokensController } from './tokens.controller.js';
import { TokensRepository } from './tokens.repository.js';

/** Tokens: issued, looked up by digest, prolonged, revoked, purged. */
@Module({
  imports: [TypeOrmModule.forFeature([Token]), AuditModule, UsersModule],
  controllers: [TokenListController, TokensController],
  providers: [
    LastUses,
    PresentedTokensRepository,
    RevocationsService,
    SessionsService,
    TokenListRepository,
    TokenListService,
    TokenPurge,
    TokensRepository,
  ],
  exports: [
    LastUses,
    PresentedTokensRepository,
    RevocationsService,
    SessionsService,
    TokenListService,
    TokensRepository,
  ],
})
export class TokensModule {}
