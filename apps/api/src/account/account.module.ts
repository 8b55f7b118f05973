import { Module } from '@nestjs/common';
import { ThrottleModule } from '../throttle/throttle.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccountService } from './account.service.js';
import { MeController } from './me.controller.js';
import { MyTokenListService } from './my-token-list.service.js';
import { MyTokensController } from './my-tokens.controller.js';
import { SetUpController } from './set-up.controller.js';

/** Self-service: one's own account, and set-up links. */
@Module({
  imports: [ThrottleModule, TokensModule, UsersModule],
  controllers: [MeController, MyTokensController, SetUpController],
  providers: [AccountService, MyTokenListService],
})
export class AccountModule {}
