import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { PermissionsModule } from '../permissions/permissions.module.js';
import { FactorsModule } from '../factors/factors.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { UsersModule } from '../users/users.module.js';
import { ThrottleModule } from '../throttle/throttle.module.js';
import { AuthenticationGuard, TokenReauthorization } from './guards/authentication.guard.js';
import { ExplanationsController } from './explanations/explanations.controller.js';
import { ExplanationsService } from './explanations/explanations.service.js';
import { Rejections } from './explanations/rejections.service.js';
import { BasicAuthGuard, BasicStrategy } from './guards/basic-auth.guard.js';
import { OperatorAuthentication } from './guards/operator-authentication.service.js';
import { PermissionsGuard, RegisteredPermissions } from './guards/permissions.guard.js';
import { SessionCookieGuard, SessionCookieStrategy } from './guards/session-cookie.guard.js';
import { IntrospectionService } from './oauth/introspection.service.js';
import { OAuthController } from './oauth/oauth.controller.js';
import { SecretRevocations } from './oauth/secret-revocations.service.js';
import { LeakReports } from './leaks/leak-reports.service.js';
import { LeakReportsController } from './leaks/leak-reports.controller.js';
import { AuthController } from './login/auth.controller.js';
import { BasicAuthentication } from './login/basic-authentication.service.js';
import { PasskeyAuthentication } from './login/passkey-authentication.service.js';
import { PasskeyLoginController } from './login/passkey-login.controller.js';
import { StoredTokens } from './verify/stored-tokens.service.js';
import { TokenAuthentication } from './verify/token-authentication.service.js';
import { VerifyController } from './verify/verify.controller.js';
import { VerifyFastPath } from './verify/verify-fast-path.service.js';
import { RevocationFeed } from './verifiers/revocation-feed.service.js';
import { RevocationsController } from './verifiers/revocations.controller.js';
import { Verifier } from './verifiers/verifier.entity.js';
import { VerifiersController } from './verifiers/verifiers.controller.js';
import { VerifierReports } from './verifiers/verifier-reports.service.js';
import { VerifiersRepository } from './verifiers/verifiers.repository.js';
import { VerifiersService } from './verifiers/verifiers.service.js';

/** Authentication and authorization. Only this module reads credentials. */
@Global()
@Module({
  imports: [
    PassportModule,
    DiscoveryModule,
    TypeOrmModule.forFeature([Verifier]),
    AuditModule,
    PermissionsModule,
    ThrottleModule,
    FactorsModule,
    UsersModule,
    TokensModule,
  ],
  controllers: [
    AuthController,
    ExplanationsController,
    LeakReportsController,
    OAuthController,
    PasskeyLoginController,
    RevocationsController,
    VerifiersController,
    VerifyController,
  ],
  providers: [
    BasicAuthentication,
    PasskeyAuthentication,
    StoredTokens,
    TokenAuthentication,
    VerifyFastPath,
    OperatorAuthentication,
    IntrospectionService,
    SecretRevocations,
    LeakReports,
    Rejections,
    ExplanationsService,
    RevocationFeed,
    VerifiersRepository,
    VerifiersService,
    VerifierReports,
    BasicStrategy,
    SessionCookieStrategy,
    BasicAuthGuard,
    SessionCookieGuard,
    PermissionsGuard,
    RegisteredPermissions,
    TokenReauthorization,
    // In this order, so that 401 takes precedence over 403.
    { provide: APP_GUARD, useClass: AuthenticationGuard },
    { provide: APP_GUARD, useExisting: PermissionsGuard },
  ],
  // Modules that name a guard create their own instance, so the dependencies of the guards are exported as
  // well.
  exports: [BasicAuthGuard, OperatorAuthentication, Rejections, TokenAuthentication, TokenReauthorization],
})
export class AuthModule {}
