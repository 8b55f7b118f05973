import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { AuditModule } from '../audit/audit.module.js';
import { Challenges } from '../common/challenges.js';
import { Confirmations } from '../common/confirmations.js';
import { CryptoModule } from '../platform/crypto/crypto.module.js';
import { RolesModule } from '../identity/roles/roles.module.js';
import { ThrottleModule } from '../throttle/throttle.module.js';
import { TokensModule } from '../identity/tokens/tokens.module.js';
import { UsersModule } from '../identity/users/users.module.js';
import { AuthController } from './login/auth.controller.js';
import { BasicAuthentication } from './login/basic-authentication.js';
import { challenge } from './credentials/challenge.js';
import { AuthenticationGuard } from './guards/authentication.guard.js';
import { BasicAuthGuard } from './guards/basic-auth.guard.js';
import { PermissionsGuard } from './guards/permissions.guard.js';
import { SessionCookieGuard } from './session-cookie/session-cookie.guard.js';
import { TokenAuthGuard } from './guards/token-auth.guard.js';
import { WriteLimitGuard } from './guards/write-limit.guard.js';
import { IntrospectionController } from './introspect/introspection.controller.js';
import { IntrospectionService } from './introspect/introspection.service.js';
import { LoginCounter } from './login/login-counter.js';
import { RegisteredPermissions } from './registered-permissions.js';
import { RequestConfirmation } from './token/request-confirmation.js';
import { BasicStrategy } from './strategies/basic.strategy.js';
import { SessionCookieStrategy } from './session-cookie/session-cookie.strategy.js';
import { TokenStrategy } from './strategies/token.strategy.js';
import { TokenAuthentication } from './token/token-authentication.js';
import { Verifications } from './token/verifications.js';
import { VerifyController } from './verify/verify.controller.js';

/** Who is calling, and may they? The only reader of credentials. */
@Global()
@Module({
  imports: [
    PassportModule,
    DiscoveryModule,
    AuditModule,
    CryptoModule,
    RolesModule,
    ThrottleModule,
    TokensModule,
    UsersModule,
  ],
  controllers: [AuthController, IntrospectionController, VerifyController],
  providers: [
    BasicAuthentication,
    TokenAuthentication,
    IntrospectionService,
    LoginCounter,
    Verifications,
    BasicStrategy,
    SessionCookieStrategy,
    TokenStrategy,
    BasicAuthGuard,
    SessionCookieGuard,
    TokenAuthGuard,
    PermissionsGuard,
    RegisteredPermissions,
    RequestConfirmation,
    // In this order: 401 wins over 403, which is recorded, and counts as no write.
    { provide: APP_GUARD, useClass: AuthenticationGuard },
    { provide: APP_GUARD, useExisting: PermissionsGuard },
    { provide: APP_GUARD, useClass: WriteLimitGuard },
  ],
  // The guards with what they need, as every module that names one makes its own.
  exports: [BasicAuthGuard, TokenAuthentication, TokenAuthGuard],
})
export class AuthModule {
  constructor(challenges: Challenges, confirmations: Confirmations, confirmation: RequestConfirmation) {
    challenges.use(challenge);
    confirmations.use((context) => confirmation.confirm(context));
  }
}
