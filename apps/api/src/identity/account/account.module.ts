import { Module } from '@nestjs/common';
import { AuditModule } from '../../audit/audit.module.js';
import { ThrottleModule } from '../../throttle/throttle.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccountService } from './account.service.js';
import { CurrentPassword, MyPasswordService } from './my-password.service.js';
import { MeController } from './me.controller.js';
import { MyTokensController } from './my-tokens.controller.js';
import { SetUpController } from '../set-up/set-up.controller.js';

/** Self-service for users: their own account, and set-up links. */
@Module({
  imports: [AuditModule, ThrottleModule, TokensModule, UsersModule],
  controllers: [MeController, MyTokensController, SetUpController],
  providers: [AccountService, CurrentPassword, MyPasswordService],
})
export class AccountModule {}
