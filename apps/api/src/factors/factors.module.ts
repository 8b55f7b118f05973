import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { PermissionsModule } from '../permissions/permissions.module.js';
import { ThrottleModule } from '../throttle/throttle.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { UsersModule } from '../users/users.module.js';
import { FactorChanges } from './factor-changes.service.js';
import { FactorSeal } from './factor-seal.service.js';
import { SealKeyRotation } from './seal-key-rotation.service.js';
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
  controllers: [SecondFactorsController, StepUpController, UserSecondFactorsController],
  providers: [
    FactorChanges,
    FactorSeal,
    SealKeyRotation,
    SecondFactorCheck,
    SecondFactorResetService,
    SecondFactorsRepository,
    SecondFactorsService,
    StepUpService,
  ],
  exports: [SealKeyRotation, SecondFactorCheck],
})
export class FactorsModule {}
