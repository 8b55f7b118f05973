import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { AccountModule } from './account/account.module.js';
import { AdministrationModule } from './administration/administration.module.js';
import { ApiDocumentModule } from './api-document/api-document.module.js';
import { AuditChain } from './audit/audit-chain.entity.js';
import { AuditEvent } from './audit/audit-event.entity.js';
import { AuditEventSubject } from './audit/audit-event-subject.entity.js';
import { AuditModule } from './audit/audit.module.js';
import { LoginDay } from './audit/login-day.entity.js';
import { AuthModule } from './auth/auth.module.js';
import { CliModule } from './cli/cli.module.js';
import { CommonModule } from './common/common.module.js';
import { type Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { ConsoleModule } from './console/console.module.js';
import { CryptoModule } from './crypto/crypto.module.js';
import { DatabaseModule } from './database/database.module.js';
import { HealthModule } from './health/health.module.js';
import { type Logger } from './logging/logger.js';
import { LoggingModule } from './logging/logging.module.js';
import { Metrics } from './metrics/metrics.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { RepresentationModule } from './representation/representation.module.js';
import { RevocationModule } from './revocation/revocation.module.js';
import { Role } from './roles/role.entity.js';
import { RolesModule } from './roles/roles.module.js';
import { FailureCount } from './throttle/failure-count.entity.js';
import { ThrottleModule } from './throttle/throttle.module.js';
import { Token } from './tokens/token.entity.js';
import { TokenAncestor } from './tokens/token-ancestor.entity.js';
import { TokenUsage } from './tokens/token-usage.entity.js';
import { TokensModule } from './tokens/tokens.module.js';
import { User } from './users/user.entity.js';
import { UserRole } from './users/user-role.entity.js';
import { UsersModule } from './users/users.module.js';

/** Every entity, so that `database/` need not know who owns them. */
export const ENTITIES = [
  AuditChain,
  AuditEvent,
  AuditEventSubject,
  FailureCount,
  LoginDay,
  Role,
  Token,
  TokenAncestor,
  TokenUsage,
  User,
  UserRole,
];

/** The server: its floors, from the top down. A floor uses only floors below it. */
@Module({})
export class AppModule {
  /** Takes feature modules of others beside our own. */
  static forRoot(
    config: Config,
    logger: Logger,
    metrics: Metrics,
    features: NonNullable<ModuleMetadata['imports']> = [],
  ): DynamicModule {
    return {
      module: AppModule,
      imports: [
        CliModule,
        ApiDocumentModule,
        ConsoleModule,
        ...features,
        AuthModule,
        AccountModule,
        AdministrationModule,
        HealthModule.forRoot(config),
        TokensModule,
        UsersModule,
        RolesModule,
        ThrottleModule,
        AuditModule,
        RevocationModule,
        CryptoModule,
        DatabaseModule.forRoot(ENTITIES),
        RepresentationModule,
        LoggingModule.forRoot(logger),
        MetricsModule.forRoot(metrics),
        ConfigModule.forRoot(config),
        CommonModule,
      ],
    };
  }
}
