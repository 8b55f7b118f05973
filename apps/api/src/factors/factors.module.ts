import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { PermissionsModule } from '../permissions/permissions.module.js';
import { ThrottleModule } from '../throttle/throttle.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { UsersModule } from '../users/users.module.js';
import { FactorAdditions } from './factor-additions.service.js';
import { FactorChanges } from './factor-changes.service.js';
import { FactorSeal } from './factor-seal.service.js';
import { SealKeyRotation } from './seal-key-rotation.service.js';
import { PasskeyChallenges } from './passkeys/passkey-challenges.service.js';
import { PasskeyCheck } from './passkeys/passkey-check.service.js';
import { PasskeyRegistration } from './passkeys/passkey-registration.service.js';
import { PasskeyUses } from './passkeys/passkey-uses.service.js';
import { PasskeysController } from './passkeys/passkeys.controller.js';
import { PasskeysRepository } from './passkeys/passkeys.repository.js';
import { WebAuthn } from './passkeys/web-authn.service.js';
import { SecondFactorCheck } from './second-factor-check.service.js';
import { RecoveryCode, SecondFactor } from './second-factor.entity.js';
import { SecondFactorResetService } from './second-factor-reset.service.js';
import { SecondFactorsController, UserSecondFactorsController } from './second-factors.controller.js';
import { SecondFactorsRepository } from './second-factors.repository.js';
import { SecondFactorsService } from './second-factors.service.js';
import { StepUpController } from './step-up.controller.js';
import { StepUpService } from './step-up.service.js';

/** Second factors: enrolment, recovery codes, and their check at login. */
@Module({
  imports: [
    TypeOrmModule.forFeature([RecoveryCode, SecondFactor]),
    AuditModule,
    PermissionsModule,
    ThrottleModule,
    TokensModule,
    UsersModule,
  ],
  controllers: [PasskeysController, SecondFactorsController, StepUpController, UserSecondFactorsController],
  providers: [
    FactorAdditions,
    FactorChanges,
    FactorSeal,
    SealKeyRotation,
    PasskeyChallenges,
    PasskeyCheck,
    PasskeyRegistration,
    PasskeysRepository,
    PasskeyUses,
    SecondFactorCheck,
    SecondFactorResetService,
    SecondFactorsRepository,
    SecondFactorsService,
    StepUpService,
    WebAuthn,
  ],
  exports: [FactorSeal, PasskeyCheck, SealKeyRotation, SecondFactorCheck, WebAuthn],
})
export class FactorsModule {}
