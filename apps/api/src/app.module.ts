import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { AuditModule } from './audit/audit.module.js';
import { LoginDay } from './audit/counts/login-day.entity.js';
import { RejectedRequests } from './audit/counts/rejected-requests.service.js';
import { AuditChain } from './audit/trail/audit-chain.entity.js';
import { AuditEventSubject } from './audit/trail/audit-event-subject.entity.js';
import { AuditEvent } from './audit/trail/audit-event.entity.js';
import { AuthModule } from './auth/auth.module.js';
import { Rejections } from './auth/explanations/rejections.service.js';
import { TokenReauthorization } from './auth/guards/authentication.guard.js';
import { Verifier } from './auth/verifiers/verifier.entity.js';
import { CliModule } from './cli/server/cli.module.js';
import { ConsoleController } from './console/console.controller.js';
import { EventDelivery } from './events/deliveries/event-delivery.entity.js';
import { EventSenderLease } from './events/sender/sender-lease.entity.js';
import { EventTarget } from './events/targets/event-target.entity.js';
import { EventsModule } from './events/events.module.js';
import { TargetSecrets } from './events/targets/target-secrets.service.js';
import { FactorsModule } from './factors/factors.module.js';
import { RecoveryCode, SecondFactor, UsedChallenge } from './factors/second-factor.entity.js';
import { OtherSealedSecrets } from './factors/seal-key-rotation.service.js';
import { SecondFactorCheck } from './factors/second-factor-check.service.js';
import { BackupCheck } from './health/backup-check.service.js';
import { HealthController } from './health/health.controller.js';
import { metricsControllers } from './health/metrics.controller.js';
import { Readiness } from './health/readiness.service.js';
import { SettingsController } from './health/settings.controller.js';
import { StatsController } from './health/stats.controller.js';
import { StatsService } from './health/stats.service.js';
import { Reauthorization } from './http/negotiation/representation.guard.js';
import { RejectionAudit, RejectionLog } from './http/problems/api-exception.filter.js';
import { HttpModule } from './http/http.module.js';
import { ResourceApiTokenCounts } from './permissions/apis/resource-api-token-counts.js';
import { ResourceApi } from './permissions/apis/resource-api.entity.js';
import { Role } from './permissions/roles/role.entity.js';
import { PermissionsModule } from './permissions/permissions.module.js';
import { Offer } from './offers/offer.entity.js';
import { OfferStates } from './offers/offer-states.service.js';
import { OffersModule } from './offers/offers.module.js';
import { TokenTemplate } from './offers/token-template.entity.js';
import { SecondFactorGate } from './tokens/issue/sessions.service.js';
import { TokenFigures } from './tokens/list/token-figures.service.js';
import { UserTokensService } from './tokens/revoke/user-tokens.service.js';
import { RotatedSecret } from './tokens/model/rotated-secret.entity.js';
import { TokenApi } from './tokens/model/token-api.entity.js';
import { TokenAncestor } from './tokens/model/token-ancestor.entity.js';
import { Token } from './tokens/model/token.entity.js';
import { TokenLastUse } from './tokens/usage/token-last-use.entity.js';
import { TokenUsage } from './tokens/usage/token-usage.entity.js';
import { UserRole } from './permissions/roles/user-role.entity.js';
import { UserTokenCounts, UserTokens } from './users/user-tokens.js';
import { TokenApprovals } from './tokens/revoke/token-approvals.js';
import { TokensModule } from './tokens/tokens.module.js';
import { UsersModule } from './users/users.module.js';
import { LoginNetwork } from './users/model/login-network.entity.js';
import { User } from './users/model/user.entity.js';
import { UsersService } from './users/users.service.js';
import { type Config } from './platform/config/config.js';
import { type Logger } from './platform/logging/logger.js';
import { type Metrics } from './platform/metrics/metrics.service.js';
import { PlatformModule } from './platform/platform.module.js';
import { FailureCount } from './throttle/counts/failure-count.entity.js';
import { AccountFinder } from './throttle/throttle-audit.service.js';
import { ThrottleModule } from './throttle/throttle.module.js';

/** All entities, passed to `platform/database`, which may not import them. */
export const ENTITIES = [
  AuditChain,
  AuditEvent,
  AuditEventSubject,
  EventDelivery,
  EventSenderLease,
  EventTarget,
  FailureCount,
  LoginDay,
  LoginNetwork,
  RecoveryCode,
  ResourceApi,
  Role,
  RotatedSecret,
  SecondFactor,
  Token,
  TokenAncestor,
  TokenApi,
  TokenLastUse,
  Offer,
  TokenTemplate,
  TokenUsage,
  UsedChallenge,
  Verifier,
  User,
  UserRole,
];

/**
 * Implementations of the abstract classes with which lower levels declare what they need from upper levels.
 */
const IMPLEMENTATIONS = [
  { provide: AccountFinder, useExisting: UsersService },
  { provide: ResourceApiTokenCounts, useExisting: TokenFigures },
  { provide: OtherSealedSecrets, useExisting: TargetSecrets },
  { provide: Reauthorization, useExisting: TokenReauthorization },
  { provide: RejectionAudit, useExisting: RejectedRequests },
  { provide: SecondFactorGate, useExisting: SecondFactorCheck },
  { provide: RejectionLog, useExisting: Rejections },
  { provide: TokenApprovals, useExisting: OfferStates },
  { provide: UserTokenCounts, useExisting: TokenFigures },
  { provide: UserTokens, useExisting: UserTokensService },
];

/** The server. Each module is listed above the modules that it imports. */
@Module({})
export class AppModule {
  /** @param features additional feature modules. */
  static forRoot(
    config: Config,
    logger: Logger,
    metrics: Metrics,
    features: NonNullable<ModuleMetadata['imports']> = [],
  ): DynamicModule {
    return {
      module: AppModule,
      global: true,
      controllers: [
        ConsoleController,
        HealthController,
        SettingsController,
        StatsController,
        ...metricsControllers(config),
      ],
      providers: [BackupCheck, Readiness, StatsService, ...IMPLEMENTATIONS],
      exports: IMPLEMENTATIONS.map(({ provide }) => provide),
      imports: [
        CliModule,
        ...features,
        EventsModule,
        AuthModule,
        OffersModule,
        FactorsModule,
        TokensModule,
        UsersModule,
        PermissionsModule,
        ThrottleModule,
        AuditModule,
        HttpModule,
        PlatformModule.forRoot({ config, logger, metrics, entities: ENTITIES }),
      ],
    };
  }
}
